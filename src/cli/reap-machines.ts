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

/** What one backend gave; null where it could not be asked, which `warn` is told. */
const reapAt = async (
  name: string,
  given: { readonly runs: RunsHere; readonly flags: ReapFlags; readonly where: Where },
  warn: (text: string) => void,
): Promise<readonly Reaped[] | null> => {
  const { runs, flags, where } = given
  const { reapBackend } = await import('#api/runs')
  const backend = await runs.backend(name)
  if (backend === null) {
    if (!where.isCertain) return []
    warn(`${visible(name)} cannot be used here: dstack-offers doctor says why`)
    return null
  }
  const { owner } = where
  const options = { owner, onlyExpired: flags.expired === true, dryRun: flags.dryRun === true }
  try {
    return await reapBackend(runs.hands, name, backend, options)
  } catch (error) {
    warn(`${visible(name)}: ${visible(troubleText(error))}`)
    return null
  }
}

export const reapMachines = async (flags: ReapFlags, world: World): Promise<number> => {
  const { launcherNames, ownerOf } = await import('#api/runs')
  const named = namedOf(flags, launcherNames())
  const stop = stopSignals()
  const warn = (text: string): void => writeNotes('warning', [text], world, flags)
  try {
    return await withRuns(world, stop.signal, async (runs) => {
      const where = {
        names: named ?? (flags.owner ? launcherNames() : runs.store.backendsUsed()),
        owner: flags.owner ?? ownerOf(runs.hands),
        isCertain: named !== null || flags.owner === undefined,
      }
      const reaped: Reaped[] = []
      let failed = false
      for (const name of where.names) {
        const here = await reapAt(name, { runs, flags, where }, warn)
        if (here === null) failed = true
        else reaped.push(...here)
      }
      const lines = reaped.length === 0 ? 'Nothing to remove.\n' : reaped.map(lineOf).join('')
      world.stdout.write(flags.output === 'json' ? `${JSON.stringify({ reaped })}\n` : lines)
      return failed ? exitCodes.backend : exitCodes.done
    })
  } finally {
    stop.forget()
  }
}
