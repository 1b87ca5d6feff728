/** `pool add`: a machine alone, that idles until a run takes it. */
import type * as Room from '#api/runs'
import type { RunsHere } from '#api/runs'
import { ArgumentError, BackendUnusableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { PoolAddFlags } from './commands/pool-add.ts'
import { exitCodes } from './exit-codes.ts'
import { isWanted } from './is-wanted.ts'
import { writeNotes } from './notes.ts'
import { readRequestToRun, type RequestToRun, type RequestWords } from './read-request.ts'
import { catalogSearch, offersForRun } from './run-offers.ts'
import { printRunPlan } from './tables/run-plan-table.ts'
import { tendMachine } from './tend-machine.ts'
import { withRuns } from './with-runs.ts'
import type { World } from './world.ts'

export interface MachineWords extends RequestWords {
  readonly flags: PoolAddFlags
}

/** As many as a run tries. */
const attempts = 15
const rowsShown = 3

const isSaid = (...flags: readonly unknown[]): boolean => flags.some((flag) => flag !== undefined)

/** A file, or a profile that was named, says it all; flags alone leave gaps. */
const requested = (
  room: typeof Room,
  { request, keys }: RequestToRun,
  { file, flags }: MachineWords,
) => {
  const asked = {
    keys: { ...keys, maxDuration: 'off' },
    requirements: request.requirements,
  } as const
  if (file !== undefined) return asked
  const { spot, onDemand, spotAuto, spotPolicy, idleDuration, dontDestroy } = flags
  const hasProfile = request.profileName !== null
  return room.withMachineDefaults(asked, {
    cpu: isSaid(flags.cpu),
    memory: isSaid(flags.memory),
    disk: isSaid(flags.disk),
    spot: hasProfile || isSaid(spot, onDemand, spotAuto, spotPolicy),
    idleTime: hasProfile || isSaid(idleDuration, dontDestroy),
  })
}

/** No plan narrows them. */
const all = (offers: readonly Offer[]): readonly Offer[] => offers

interface Asked {
  readonly room: typeof Room
  readonly runs: RunsHere
  readonly flags: PoolAddFlags
  readonly requirements: Requirements
}

/** Throws BackendUnusableError where none of them can keep a machine. */
const idleAmong = async ({ room, runs }: Asked, among: readonly string[]) => {
  const found = await room.backendsThatIdle(runs.hands, among)
  if (found.names.size > 0 || found.leftOut.length === 0) return found
  throw new BackendUnusableError(`no machine can be kept idle: ${found.leftOut.join('; ')}`, {
    hint: 'it takes a cloud that rents machines: dstack-offers doctor says what each lacks here',
  })
}

/** Those that were named are looked at before anybody is asked for prices. */
const machinesOffered = async (asked: Asked, world: World): Promise<readonly Offer[]> => {
  const { flags, requirements } = asked
  const { leftOut } = await idleAmong(asked, requirements.backends ?? [])
  const notes = leftOut.map((text) => `left out: ${text}`)
  writeNotes('note', notes, world, flags)
  const found = await offersForRun({ ...asked, flags: { ...flags, attempts }, within: all }, world)
  const { names } = await idleAmong(
    asked,
    found.map(({ backend }) => backend),
  )
  return found.filter(({ backend }) => names.has(backend))
}

const start = async (
  given: {
    readonly words: MachineWords
    readonly read: RequestToRun
    readonly leave: AbortController
  },
  runs: RunsHere,
  world: World,
): Promise<number> => {
  const { words, read, leave } = given
  const { flags } = words
  const room = await import('#api/runs')
  const { keys, requirements } = requested(room, read, words)
  const offers = await machinesOffered({ room, runs, flags, requirements }, world)
  if (offers.length === 0) {
    world.stderr.write(
      'No machine can be launched from here: dstack-offers doctor says what each backend lacks.\n',
    )
    return exitCodes.noOffers
  }
  const file = read.request.subject?.file ?? '-'
  const shown = { file, keys, requirements, offers, shown: rowsShown }
  world.stdout.write(`${printRunPlan(shown)}\n`)
  if (!(await isWanted(flags))) return exitCodes.done
  const { store, hands } = runs
  const name = flags.name ?? room.newRunName(Math.random, (taken) => store.runNamed(taken) !== null)
  const allowStale = flags.allowStale === true
  const tried = offers.slice(0, attempts)
  const spec = room.machineSpecOf({ keys, requirements, offers: tried, attempts, allowStale })
  const chance = { nowMs: hands.clock.nowMs(), random: Math.random }
  const { id } = room.addToPool(store, { name, spec }, chance)
  return tendMachine({ room, runs, id, leave }, world, flags)
}

/** Throws ArgumentError for a machine that nobody would get. */
const check = ({ keys }: RequestToRun, { reuse, instance }: PoolAddFlags): void => {
  if (reuse === true || instance !== undefined) {
    const flag = reuse === true ? '--reuse' : '--instance'
    throw new ArgumentError(`"${flag}" is for runs: pool add always launches a machine`)
  }
  const { terminationPolicy, terminationIdleTimeSeconds: seconds } = keys
  if (terminationPolicy === 'dont-destroy' || seconds > 0) return
  throw new ArgumentError('a machine that may idle for "0s" would go at once', {
    hint: 'give --idle-duration, such as 2h',
  })
}

export const addMachine = async (words: MachineWords, world: World): Promise<number> => {
  const read = await readRequestToRun(words, world)
  check(read, words.flags)
  const leave = new AbortController()
  const work = (runs: RunsHere) => start({ words, read, leave }, runs, world)
  return withRuns(world, leave.signal, work, catalogSearch(words.flags, world))
}
