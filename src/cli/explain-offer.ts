/** One offer of the answer: where it comes from, and how its price came about. */
import { explainOffer, type PriceStep, type Provenance } from '#api/why'
import { printPercent, type OverlayStep } from '#api/overlay'
import { ArgumentError } from '#domain/errors'
import type { Asked } from './answer-offers.ts'
import { exitCodes } from './exit-codes.ts'
import { findOffers } from './find-offers.ts'
import { refuseOlder } from './max-age.ts'
import { printCounted } from './tables/numbers.ts'
import { printProvenance } from './tables/why-provenance.ts'
import { lookOf } from './terminal.ts'
import type { World } from './world.ts'

/** `-12.5% by rule "aws-edp" of .dstack/prices.yml`. */
const nameOf = ({ rule, file, action }: OverlayStep): string => {
  if (rule === null) return `own offer of ${file}`
  const how = action.kind === 'discount' ? ` (-${printPercent(action.microPercent)}%)` : ''
  return `rule "${rule}" of ${file}${how}`
}

const toPriceStep = (step: OverlayStep): PriceStep => ({
  by: nameOf(step),
  priceNanoUsd: step.priceNanoUsd,
})

const provenanceOf = ({ opened }: Asked, offer: Provenance['offer']): Provenance => {
  const { catalog, overlaid } = opened
  const steps = overlaid?.stepsOf([offer]).get(offer.id) ?? []
  const [first] = steps
  if (first === undefined) return explainOffer(overlaid?.base ?? catalog, offer, null)
  return explainOffer(overlaid?.base ?? catalog, offer, {
    observedNanoUsd: first.basePriceNanoUsd,
    steps: steps.map(toPriceStep),
  })
}

const print = async (provenance: Provenance, rank: number, given: Asked, world: World) => {
  const { output, color } = given.flags
  if (output === 'json' || output === 'yaml') {
    const { toProvenanceDocument } = await import('./output/why-document.ts')
    const { liveKey } = await import('./output/live-key.ts')
    const live = await liveKey(given.opened.live)
    const document = { ...toProvenanceDocument(provenance, rank), ...live }
    return output === 'json'
      ? (await import('./output/json.ts')).printJson(document)
      : (await import('./output/yaml.ts')).printYaml(document)
  }
  const look = lookOf('stdout', world, color)
  return `${printProvenance(provenance, { ...look, rank, nowMs: world.nowMs })}\n`
}

export const explainRank = async (asked: Asked, world: World): Promise<number> => {
  const rank = asked.flags.explain ?? 1
  const { offers, matched } = await findOffers(asked, rank, world)
  const offer = offers[rank - 1]
  if (offer !== undefined) {
    await refuseOlder([offer], asked.flags, world.nowMs)
    world.stdout.write(await print(provenanceOf(asked, offer), rank, asked, world))
    return exitCodes.done
  }
  if (matched > 0) {
    throw new ArgumentError(`there is no offer of rank "${rank}"`, {
      hint: `${printCounted(matched, 'offer')} ${matched === 1 ? 'matches' : 'match'}`,
    })
  }
  const { writeNoOffers } = await import('./no-offers.ts')
  return writeNoOffers({ asked, ranking: null }, world)
}
