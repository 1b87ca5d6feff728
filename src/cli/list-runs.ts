/** `ps`: runs and their replicas, as dstack's users know them. */
import { type Instance, isActiveReplica, type Replica, type Run, type RunsHere } from '#api/runs'
import { readScalingNote, type ScalingNote } from '#api/server-here'
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
  readonly active: number
  /** Of the run's own line, where a server scales it. */
  readonly scaling: ScalingNote | null
}

const linesOf = (runs: RunsHere, all: boolean): readonly Line[] => {
  const { store } = runs
  return store.runs(all).flatMap((run) => {
    const replicas = store.replicas(run.id)
    const active = replicas.filter(({ status }) => isActiveReplica(status)).length
    return [
      { run, replica: null, instance: null, active, scaling: noteOf(runs, run) },
      ...replicas.map((replica) => ({
        run,
        replica,
        instance: replica.instanceId === null ? null : store.instance(replica.instanceId),
        active,
        scaling: null,
      })),
    ]
  })
}

const price = (offer: Offer | undefined): string => {
  if (offer === undefined) return ''
  return offer.priceNanoUsd === null ? '?' : `$${printUsd(offer.priceNanoUsd)}`
}

/** What the server last made of it; older than this, there is none that looks. */
const noteMs = 10_000

const noteOf = ({ store }: RunsHere, run: Run): ScalingNote | null => {
  const text = store.scalingNote(run.id)
  const note = text === null ? null : readScalingNote(text)
  return note !== null && systemHttpClock.nowMs() - note.atMs < noteMs ? note : null
}

/** `2/3`: replicas that are active, and how many there should be. */
const replicasOf = ({ run, replica, active }: Line): string =>
  replica === null ? `${active}/${run.wantedReplicas}` : ''

const trafficOf = ({ scaling }: Line): string =>
  scaling === null ? '' : `${scaling.rps.toFixed(1)} of ${scaling.target}`

const decisionOf = ({ scaling }: Line): string => {
  if (scaling === null) return ''
  const { why, waitsUntilMs, held } = scaling
  const waits = waitsUntilMs === null ? '' : ` until ${printInstant(waitsUntilMs)}`
  return `${visible(why)}${waits}${held > 0 ? `; ${held} held` : ''}`
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
    column('REPLICAS', replicasOf),
    ...(lines.some(({ scaling }) => scaling !== null)
      ? [column('RPS', trafficOf), column('SCALING', decisionOf)]
      : []),
    column('SUBMITTED', ({ run, replica }) => printInstant((replica ?? run).submittedMs)),
    column('ERROR', whyOf),
  ])
  const rows = lines.map((_, row) => print(row).trimEnd())
  return `${[print(-1).trimEnd(), ...rows].join('\n')}\n`
}

const scalingDocument = (note: ScalingNote | null) =>
  note && {
    at: printInstant(note.atMs),
    rps: note.rps,
    target: note.target,
    in_flight: note.inFlight,
    held: note.held,
    active: note.active,
    wanted: note.wanted,
    why: note.why,
    waits_until: note.waitsUntilMs === null ? null : printInstant(note.waitsUntilMs),
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
      wanted_replicas: run.wantedReplicas,
      scaling: scalingDocument(lines.find((line) => line.run.id === run.id)?.scaling ?? null),
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
