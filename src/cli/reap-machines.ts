/** `reap`: for cron, removes what carries our tags and no run owns. */
import type { Reaped, RunsHere } from '#api/runs'
import { canonicalBackend } from '#domain/backend'
import { ArgumentError } from '#domain/errors'
import { stopSignals } from '#platform/stop-signals'
import type { ReapFlags } from './commands/runs.ts'
import { exitCodes } from './exit-codes.ts'
import { writeNotes } from './notes.ts'
import { visible } from './text-width.ts'
import { troubleText, withRuns } from './with-runs.ts'
import type { World } from './world.ts'

const lineOf = ({ backend, what, id, why, outcome }: Reaped): string =>
  `${backend} ${what} ${visible(id)}  ${why}  ${outcome}\n`

/** Throws ArgumentError for a backend that launches nothing. */
const namedOf = ({ backend }: ReapFlags, all: readonly string[]): readonly string[] | null =>
  backend?.map((given) => {
    const name = canonicalBackend(given) ?? given
    if (all.includes(name)) return name
    throw new ArgumentError(`"${given}" is no backend that launches`, {
      hint: `one of ${all.join(', ')}`,
    })
  }) ?? null

interface Where {
  readonly names: readonly string[]
  readonly owner: string
  /** Whether machines are, or were said to be, at each of them; else they may be anywhere. */
  readonly isCertain: boolean
}

interface Report {
  readonly reaped: Reaped[]
  /** Backends that could not be asked, or would not remove everything, and why. */
  readonly problems: { readonly backend: string; readonly message: string }[]
}

interface Given {
  readonly runs: RunsHere
  readonly flags: ReapFlags
  readonly where: Where
}

/** Adds to the report as it goes: what has been done is said, whatever comes after. */
const reapAt = async (name: string, given: Given, report: Report): Promise<void> => {
  const { runs, flags, where } = given
  const { reapBackend } = await import('#api/runs')
  const failed = (message: string): void => {
    report.problems.push({ backend: name, message })
  }
  try {
    const backend = await runs.backend(name)
    if (backend === null) {
      if (where.isCertain) failed('cannot be used here: dstack-offers doctor says why')
      return
    }
    const { owner } = where
    const options = { owner, onlyExpired: flags.expired === true, dryRun: flags.dryRun === true }
    await reapBackend(runs.hands, name, backend, options, (one) => report.reaped.push(one))
  } catch (error) {
    failed(runs.hands.signal.aborted ? 'interrupted' : troubleText(error))
  }
}

const printReport = ({ reaped, problems }: Report, flags: ReapFlags, world: World): void => {
  const lines = reaped.length === 0 ? 'Nothing to remove.\n' : reaped.map(lineOf).join('')
  const isJson = flags.output === 'json'
  world.stdout.write(isJson ? `${JSON.stringify({ reaped, problems })}\n` : lines)
  const texts = problems.map(({ backend, message }) => `${visible(backend)}: ${visible(message)}`)
  writeNotes('warning', texts, world, flags)
}

export const reapMachines = async (flags: ReapFlags, world: World): Promise<number> => {
  const { launcherNames, ownerOf } = await import('#api/runs')
  const named = namedOf(flags, launcherNames())
  const stop = stopSignals()
  try {
    return await withRuns(world, stop.signal, async (runs) => {
      const where = {
        names: named ?? (flags.owner ? launcherNames() : runs.store.backendsUsed()),
        owner: flags.owner ?? ownerOf(runs.hands),
        isCertain: named !== null || flags.owner === undefined,
      }
      const report: Report = { reaped: [], problems: [] }
      for (const name of where.names) await reapAt(name, { runs, flags, where }, report)
      printReport(report, flags, world)
      return report.problems.length > 0 ? exitCodes.backend : exitCodes.done
    })
  } finally {
    stop.forget()
  }
}
