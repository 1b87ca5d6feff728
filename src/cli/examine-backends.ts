/** `doctor`: which backends can launch from here, and what the others lack. */
import type { Diagnosis } from '#api/runs'
import { systemHttpClock } from '#platform/http-time'
import { stopSignals } from '#platform/stop-signals'
import type { DocumentFlags } from './commands/runs.ts'
import { exitCodes } from './exit-codes.ts'
import { type Column, rowPrinter } from './tables/columns.ts'
import { visible } from './text-width.ts'
import type { World } from './world.ts'

const table = (all: readonly Diagnosis[]): string => {
  const column = (heading: string, cell: (one: Diagnosis) => string): Column => ({
    heading,
    align: 'left',
    cells: all.map((one) => visible(cell(one))),
  })
  const print = rowPrinter([
    column('BACKEND', ({ backend }) => backend),
    column('STATE', ({ state }) => state),
    column('WHY', ({ detail }) => detail ?? ''),
  ])
  return `${[print(-1), ...all.map((_, row) => print(row))].map((line) => line.trimEnd()).join('\n')}\n`
}

/** Good as long as something can launch. */
const exitCodeOf = (all: readonly Diagnosis[]): number => {
  if (all.some(({ state }) => state === 'usable')) return exitCodes.done
  return all.some(({ state }) => state === 'rejected') ? exitCodes.credentials : exitCodes.backend
}

export const examineBackends = async (flags: DocumentFlags, world: World): Promise<number> => {
  const { diagnose } = await import('#api/runs')
  const stop = stopSignals()
  const { signal } = stop
  try {
    const all = await diagnose(world.environment, systemHttpClock, signal)
    world.stdout.write(
      flags.output === 'json' ? `${JSON.stringify({ backends: all }, null, 2)}\n` : table(all),
    )
    return exitCodeOf(all)
  } finally {
    stop.forget()
  }
}
