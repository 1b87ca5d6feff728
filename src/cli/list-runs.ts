/** `ps`: runs and their replicas, as dstack's users know them. */
import type { Instance, Replica, Run, RunsHere } from '#api/runs'
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import { printInstant, systemHttpClock } from '#platform/http-time'
import { stopSignals } from '#platform/stop-signals'
import type { PsFlags } from './commands/runs.ts'
import { exitCodes } from './exit-codes.ts'
import { type Column, rowPrinter } from './tables/columns.ts'
import { visible } from './text-width.ts'
import { withRuns } from './with-runs.ts'
import type { World } from './world.ts'

const watchMs = 1000

interface Line {
  readonly run: Run
  readonly replica: Replica | null
  readonly instance: Instance | null
}

const linesOf = ({ store }: RunsHere, all: boolean): readonly Line[] =>
  store.runs(all).flatMap((run) => [
    { run, replica: null, instance: null },
    ...store.replicas(run.id).map((replica) => ({
      run,
      replica,
      instance: replica.instanceId === null ? null : store.instance(replica.instanceId),
    })),
  ])

const price = (offer: Offer | undefined): string => {
  if (offer === undefined) return ''
  return offer.priceNanoUsd === null ? '?' : `$${printUsd(offer.priceNanoUsd)}`
}

const whyOf = ({ run, replica }: Line): string =>
  visible((replica === null ? run.reason : (replica.message ?? replica.reason)) ?? '')

const table = (lines: readonly Line[]): string => {
  const column = (heading: string, cell: (line: Line) => string): Column => ({
    heading,
    align: 'left',
    cells: lines.map(cell),
  })
  const print = rowPrinter([
    column('NAME', ({ run, replica }) =>
      replica === null ? visible(run.name) : `  replica ${replica.replica}`,
    ),
    column('BACKEND', ({ instance }) => visible(instance?.backend ?? '')),
    column('REGION', ({ instance }) => visible(instance?.region ?? '')),
    column('INSTANCE', ({ instance }) => visible(instance?.offer.instanceType.name ?? '')),
    column('SPOT', ({ instance }) => (instance === null ? '' : instance.offer.spot ? 'yes' : 'no')),
    column('PRICE', ({ instance }) => price(instance?.offer)),
    column('STATUS', ({ run, replica }) => (replica ?? run).status),
    column('SUBMITTED', ({ run, replica }) => printInstant((replica ?? run).submittedMs)),
    column('ERROR', whyOf),
  ])
  const rows = lines.map((_, row) => print(row).trimEnd())
  return `${[print(-1).trimEnd(), ...rows].join('\n')}\n`
}

/** No value of an environment is in it. */
const documentOf = (lines: readonly Line[]) => ({
  runs: lines
    .filter(({ replica }) => replica === null)
    .map(({ run }) => ({
      name: run.name,
      status: run.status,
      reason: run.reason,
      submitted_at: printInstant(run.submittedMs),
      replicas: lines.flatMap(({ run: { id }, replica, instance }) =>
        id !== run.id || replica === null
          ? []
          : [
              {
                replica: replica.replica,
                status: replica.status,
                reason: replica.reason,
                message: replica.message,
                exit_code: replica.exitCode,
                machine: instance?.name ?? null,
                offer: instance?.offer.id ?? null,
              },
            ],
      ),
    })),
})

const print = (runs: RunsHere, { all, output }: PsFlags): string => {
  const lines = linesOf(runs, all === true)
  if (output === 'json') return `${JSON.stringify(documentOf(lines), null, 2)}\n`
  return lines.length === 0 ? 'No runs.\n' : table(lines)
}

export const listRuns = async (flags: PsFlags, world: World): Promise<number> => {
  const stop = stopSignals()
  try {
    return await withRuns(world, stop.signal, async (runs) => {
      let last = ''
      do {
        const now = print(runs, flags)
        if (now !== last) world.stdout.write(now)
        last = now
        if (flags.watch !== true) break
        await systemHttpClock.sleep(watchMs, stop.signal).catch(() => undefined)
      } while (!stop.signal.aborted)
      return exitCodes.done
    })
  } finally {
    stop.forget()
  }
}
