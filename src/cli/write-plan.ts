import { makePlan, printPlan } from '#api/plans'
import { ArgumentError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { PlanFlags } from './commands/plan.ts'
import { exitCodes } from './exit-codes.ts'
import { findFile } from './find-file.ts'
import { agedPrices } from './freshness.ts'
import { refuseOlder } from './max-age.ts'
import { writeNotes } from './notes.ts'
import { type OpenedCatalog, openUnderOverlay } from './open-under-overlay.ts'
import { noteUnset, readRequest } from './read-request.ts'
import { type PlanMarks, printPlanTable } from './tables/plan-table.ts'
import { lookOf } from './terminal.ts'
import { version } from '#domain/version'
import type { World } from './world.ts'

interface PlanWords {
  readonly argument: string | undefined
  readonly flags: PlanFlags
  readonly runArguments: readonly string[]
}

const marksOf = async (
  attempts: readonly Offer[],
  { overlaid }: OpenedCatalog,
): Promise<PlanMarks> => {
  const steps = overlaid?.stepsOf(attempts)
  if (steps === undefined || steps.size === 0) return {}
  const { overlayLegend, overlaySigns } = await import('./tables/overlay-marks.ts')
  return { signs: overlaySigns(attempts, steps), legend: overlayLegend(attempts, steps) }
}

/** Writes the plan; where nothing matches there is none, and the file stays as it was. */
export const writePlan = async (
  { argument, flags, runArguments }: PlanWords,
  world: World,
): Promise<number> => {
  const found = findFile(argument, flags, ['verify'], world)
  if (found === null) {
    throw new ArgumentError('there is no .dstack.yml here', {
      hint: 'give a FILE, or resources such as --gpu A100:80GB',
    })
  }
  const request = await readRequest({ ...found, flags, runArguments }, world)
  const opened = await openUnderOverlay(flags, world)
  try {
    const plan = makePlan(
      {
        configuration: request.subject?.configuration ?? null,
        requirements: request.requirements,
        limit: flags.maxOffers,
        toolVersion: version,
        overlayDigest: opened.overlaid?.overlayDigest ?? null,
      },
      opened.catalog,
    )
    writeNotes('note', noteUnset(request), world, flags)
    if (plan.attempts.length === 0) {
      const { writeNoOffers } = await import('./no-offers.ts')
      return writeNoOffers(
        { asked: { request, opened, flags, command: 'plan' }, ranking: null },
        world,
      )
    }
    await refuseOlder(plan.attempts, flags, world.nowMs)
    if (flags.out === undefined) {
      const aged = flags.maxAge === undefined ? agedPrices(plan.attempts, world.nowMs) : []
      writeNotes('warning', aged, world, flags)
      world.stdout.write(printPlan(plan))
    } else {
      world.writeFile(flags.out, printPlan(plan))
      const look = lookOf('stdout', world, flags.color)
      const marks = await marksOf(plan.attempts, opened)
      world.stdout.write(`${printPlanTable(plan, { ...look, ...marks }, world.nowMs)}\n`)
    }
    return exitCodes.done
  } finally {
    opened.catalog.close()
  }
}
