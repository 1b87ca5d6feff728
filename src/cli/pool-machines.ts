/** `pool`: machines in the books. */
import type { Instance, RunsHere } from '#api/runs'
import { printUsd } from '#domain/price'
import type { DocumentFlags } from './commands/runs.ts'
import { exitCodes } from './exit-codes.ts'
import type { CommonFlags } from './flags.ts'
import { writeNotes } from './notes.ts'
import { type Column, rowPrinter } from './tables/columns.ts'
import { visible } from './text-width.ts'
import { neverAborted, troubleText, withRuns } from './with-runs.ts'
import type { World } from './world.ts'

const priceOf = ({ rateNanoUsd, offer }: Instance): string => {
  const price = rateNanoUsd ?? offer.priceNanoUsd
  return price === null ? '?' : `$${printUsd(price)}`
}

const table = (machines: readonly Instance[]): string => {
  const column = (heading: string, cell: (machine: Instance) => string): Column => ({
    heading,
    align: 'left',
    cells: machines.map((machine) => visible(cell(machine))),
  })
  const print = rowPrinter([
    column('MACHINE', ({ name }) => name),
    column('POOL', ({ pool }) => pool),
    column('BACKEND', ({ backend }) => backend),
    column('REGION', ({ region }) => region ?? '?'),
    column('INSTANCE', ({ offer }) => offer.instanceType.name),
    column('PRICE', priceOf),
    column('STATUS', ({ status }) => status),
  ])
  return `${[print(-1), ...machines.map((_, row) => print(row))].map((line) => line.trimEnd()).join('\n')}\n`
}

const documentOf = (machines: readonly Instance[]) => ({
  machines: machines.map((one) => ({
    name: one.name,
    pool: one.pool,
    status: one.status,
    offer: one.offer.id,
    idle_seconds: one.idleSeconds,
  })),
})

export const listMachines = (
  { output, pool }: DocumentFlags & { readonly pool?: string },
  world: World,
): Promise<number> =>
  withRuns(world, neverAborted(), async ({ store }) => {
    const { listPool } = await import('#api/runs')
    const machines = listPool(store, pool ?? null)
    const empty = machines.length === 0 ? 'No machines.\n' : table(machines)
    world.stdout.write(
      output === 'json' ? `${JSON.stringify(documentOf(machines), null, 2)}\n` : empty,
    )
    return exitCodes.done
  })

const settle = async ({ hands }: RunsHere, flags: CommonFlags, world: World): Promise<void> => {
  const { lookAfterRunsInTurn, isAtRest } = await import('#api/runs')
  await lookAfterRunsInTurn(hands, {
    isEnough: isAtRest,
    onTrouble: (where, error) =>
      writeNotes('warning', [`${visible(where)}: ${visible(troubleText(error))}`], world, flags),
    onWait: () => writeNotes('note', ['another process looks after the machines'], world, flags),
  })
}

export const removeMachine = (name: string, flags: CommonFlags, world: World): Promise<number> =>
  withRuns(world, neverAborted(), async (runs) => {
    const { removeFromPool } = await import('#api/runs')
    const outcome = removeFromPool(runs.store, name)
    if (outcome === 'going') await settle(runs, flags, world)
    const gone = runs.store.instances().every((one) => one.name !== name)
    const drained = outcome === 'drained' ? 'goes when its replica has ended' : 'is going'
    world.stdout.write(`${visible(name)} ${gone ? 'is gone' : drained}\n`)
    return exitCodes.done
  })

export const setIdle = (name: string, idleSeconds: number, world: World): Promise<number> =>
  withRuns(world, neverAborted(), async ({ store }) => {
    const { setMachine } = await import('#api/runs')
    setMachine(store, name, { idleSeconds })
    world.stdout.write(`${visible(name)} may idle for ${idleSeconds} s\n`)
    return exitCodes.done
  })
