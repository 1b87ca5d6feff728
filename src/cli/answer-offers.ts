import type { Why } from '#api/why'
import type { AnswerOverlay, OffersAnswer } from './answer.ts'
import { exitCodes } from './exit-codes.ts'
import { findOffers, type FoundOffers } from './find-offers.ts'
import { agedPrices } from './freshness.ts'
import { refuseOlder } from './max-age.ts'
import { writeNotes } from './notes.ts'
import type { OffersFlags } from './offers-flags.ts'
import type { OpenedCatalog } from './open-under-overlay.ts'
import { isReport, printOffers } from './output/print-offers.ts'
import { noteUnset, type Request } from './read-request.ts'
import { lookOf } from './terminal.ts'
import { unknownGpus, unseenBackends } from './unknown-names.ts'
import type { World } from './world.ts'

/** A request, and what answers it. */
export interface Asked {
  readonly request: Request
  readonly opened: OpenedCatalog
  readonly flags: OffersFlags
}

const overlayOf = (
  { overlaid }: OpenedCatalog,
  offers: OffersAnswer['offers'],
): AnswerOverlay | null =>
  overlaid && {
    overlay: overlaid.overlay,
    overlayDigest: overlaid.overlayDigest,
    steps: overlaid.stepsOf(offers),
  }

const whyOf = async ({ request, opened, flags }: Asked): Promise<Why | null> =>
  flags.why === true ? (await import('./why-request.ts')).whyOf(request, opened.catalog) : null

const isBeyondBudget = ({ ranking }: FoundOffers): boolean => (ranking?.beyondBudget ?? 0) > 0

/** A table tells ages itself, and `--max-age` has its own mind of them. */
const agedOf = ({ flags }: Asked, { offers }: FoundOffers, { nowMs }: World): readonly string[] =>
  isReport(flags.output) || flags.maxAge !== undefined ? [] : agedPrices(offers, nowMs)

/** A list of offers. Where nothing matches, that is said with the least changes that help. */
export const answerOffers = async (asked: Asked, world: World): Promise<number> => {
  const { request, opened, flags } = asked
  const found = await findOffers(asked, flags.maxOffers, world)
  await refuseOlder(found.offers, flags, world.nowMs)
  const answer: OffersAnswer = {
    ...request,
    ...found,
    limit: flags.maxOffers,
    catalog: opened.catalog.summary(),
    nowMs: world.nowMs,
    overlay: overlayOf(opened, found.offers),
    why: await whyOf(asked),
    live: opened.live,
  }
  const nothing = found.matched === 0
  if (!nothing || answer.why || !isReport(flags.output)) {
    world.stdout.write(
      await printOffers(flags.output, answer, lookOf('stdout', world, flags.color)),
    )
  }
  writeNotes('note', noteUnset(request), world, flags)
  if (nothing) {
    if (answer.why && isReport(flags.output) && !isBeyondBudget(found)) return exitCodes.noOffers
    const { writeNoOffers } = await import('./no-offers.ts')
    return writeNoOffers({ asked, ranking: found.ranking }, world)
  }
  const unknown = await unknownGpus(request.requirements, opened.catalog)
  const warnings = [
    ...unknown,
    ...unseenBackends(request.requirements),
    ...agedOf(asked, found, world),
  ]
  writeNotes('warning', warnings, world, flags)
  return exitCodes.done
}
