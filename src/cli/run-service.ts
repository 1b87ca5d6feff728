/** `run`: from a configuration to a service that is up, and in the end to nothing left behind. */
import { dirname, resolve } from 'node:path'
import type * as Room from '#api/runs'
import type { RunSpec, RunsHere } from '#api/runs'
import type { ServiceConfiguration } from '#domain/configuration'
import { ArgumentError, VariableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import { onInterrupts } from '#platform/interrupts'
import type { RunFlags } from './commands/run.ts'
import { exitCodes } from './exit-codes.ts'
import { findFile } from './find-file.ts'
import { isWanted } from './is-wanted.ts'
import { writeNotes } from './notes.ts'
import { overlayDigestOf } from './overlay-digest.ts'
import { readRequestToRun, type RequestToRun } from './read-request.ts'
import { catalogSearch, offersForRun } from './run-offers.ts'
import { printRunPlan } from './tables/run-plan-table.ts'
import { tendRun } from './tend-run.ts'
import { visible } from './text-width.ts'
import { withRuns } from './with-runs.ts'
import type { World } from './world.ts'

export interface RunWords {
  readonly argument: string | undefined
  readonly flags: RunFlags
  readonly runArguments: readonly string[]
}

interface Prepared extends RequestToRun {
  readonly file: string
  readonly configuration: ServiceConfiguration
}

const mostPlanBytes = 64 * 1024 * 1024
const rowsShown = 3

const prepare = async (words: RunWords, world: World): Promise<Prepared> => {
  const { argument, flags, runArguments } = words
  const file = findFile(argument, flags, [], world)?.file
  if (file === undefined) {
    throw new ArgumentError('a run needs a configuration', { hint: 'give a *.dstack.yml' })
  }
  const read = await readRequestToRun({ file, flags, runArguments }, world)
  const { subject } = read.request
  const configuration = subject?.configuration
  if (subject === null || configuration?.type !== 'service') {
    throw new ArgumentError(
      `"${file}" is a ${configuration?.type ?? 'search'}: services run here`,
      {
        hint: 'type: service',
      },
    )
  }
  const [unset] = subject.unsetVariables
  if (unset !== undefined) {
    throw new VariableError(`"${unset}" is not set`, { hint: `give -e ${unset}=VALUE` })
  }
  return { ...read, file: subject.file, configuration }
}

const nameOf = (room: typeof Room, { store }: RunsHere, flags: RunFlags): string =>
  flags.name ?? room.newRunName(Math.random, (name) => store.runNamed(name) !== null)

/** The first offers, as they would be asked for. */
const printDryRun = async (
  room: typeof Room,
  { hands }: RunsHere,
  run: { readonly name: string; readonly spec: RunSpec },
  offers: readonly Offer[],
  world: World,
): Promise<void> => {
  const launches = []
  for (const offer of offers.slice(0, rowsShown)) {
    const { refusal, calls } = await room.plannedLaunch(hands, run, offer)
    launches.push({ offer: offer.id, refusal, calls })
  }
  world.stdout.write(`${JSON.stringify({ run: run.name, launches }, null, 2)}\n`)
}

/** Null without a plan. */
const planOf = async (
  room: typeof Room,
  { configuration, flags }: { configuration: ServiceConfiguration; flags: RunFlags },
  world: World,
) => {
  if (flags.plan === undefined) return null
  const text = world.files.readText(flags.plan, mostPlanBytes)
  const overlayDigest = await overlayDigestOf(flags, world)
  return room.planBounds(text, { file: flags.plan, configuration, overlayDigest })
}

/** With what its prompts need, so that whoever serves the run asks nobody for it. */
const modelWithPrompt = async (
  { configuration, variables }: Prepared,
  { hands }: RunsHere,
  world: World,
) => {
  const { model } = configuration
  if (model?.format !== 'tgi') return model
  const { withPrompt } = await import('#api/model-prompt')
  const { clock } = hands
  return withPrompt(model, { environment: world.environment, runVariables: variables, clock })
}

/** Null where this process is to stay: not told to leave it, or nobody is there to leave it to. */
const serverFor = async (flags: RunFlags, world: World) => {
  if (flags.detach !== true) return null
  const { serverHere } = await import('#api/server-here')
  const server = serverHere(world.environment)
  if (server === null) {
    const note = 'no dstack-offers server is up here: this process stays'
    writeNotes('note', [note], world, flags)
  }
  return server
}

interface Launched {
  readonly room: typeof Room
  readonly runs: RunsHere
  readonly name: string
  readonly spec: RunSpec
  readonly prepared: Prepared
  readonly flags: RunFlags
  readonly leave: AbortController
}

/** Who is told to end while the run goes into the books, and before anybody tends it, ends it then. */
const launch = async (
  { room, runs, name, spec, prepared, flags, leave }: Launched,
  world: World,
): Promise<number> => {
  let interrupts = 0
  const forget = onInterrupts((count) => {
    interrupts = count
  })
  try {
    const { scaling, port } = prepared.configuration
    const chance = { nowMs: runs.hands.clock.nowMs(), random: Math.random }
    const { id } = room.submitRun(runs.store, { name, spec }, chance)
    const server = await serverFor(flags, world)
    if (server !== null) {
      const { leaveToServer } = await import('./leave-run.ts')
      await leaveToServer({ runs, server, id, name, flags }, world)
      return exitCodes.done
    }
    if (scaling !== null) {
      writeNotes('note', ['without dstack-offers server nothing is scaled'], world, flags)
    }
    const isStopped = interrupts > 0
    return await tendRun({ room, runs, id, localPort: port.localPort, leave, isStopped }, world)
  } finally {
    forget()
  }
}

const start = async (
  given: { readonly prepared: Prepared; readonly flags: RunFlags; readonly leave: AbortController },
  runs: RunsHere,
  world: World,
): Promise<number> => {
  const { prepared, flags } = given
  const { request, keys, variables, configuration, file } = prepared
  const { requirements } = request
  const room = await import('#api/runs')
  const plan = await planOf(room, { configuration, flags }, world)
  if (plan !== null && plan.differences.length > 0) {
    world.stderr.write(`${visible(flags.plan ?? '')}: ${plan.differences.join('; ')}\n`)
    return exitCodes.differences
  }
  const within = (all: readonly Offer[]) => plan?.within(all) ?? all
  const offers = await offersForRun({ room, runs, flags, requirements, within }, world)
  const shown = { file, keys, requirements, offers, shown: rowsShown }
  if (offers.length === 0) {
    const which = plan === null ? 'No offers' : 'No offers of the plan, at its prices or below,'
    world.stderr.write(`${which} can be launched from here.\n`)
    return exitCodes.noOffers
  }
  const name = nameOf(room, runs, flags)
  const spec = room.specOf({
    name,
    configuration: { ...configuration, model: await modelWithPrompt(prepared, runs, world) },
    variables,
    keys,
    requirements,
    offers: offers.slice(0, flags.attempts),
    attempts: flags.attempts,
    onlyPool: flags.reuse === true,
    isFixed: plan !== null,
    allowStale: flags.allowStale === true,
    directory: file === 'standard input' ? world.cwd : resolve(world.cwd, dirname(file)),
    withFiles: flags.noFiles !== true,
    environment: world.environment,
  })
  if (flags.dryRun === true) {
    await printDryRun(room, runs, { name, spec }, offers, world)
    return exitCodes.done
  }
  world.stdout.write(`${printRunPlan(shown)}\n`)
  if (!(await isWanted(flags))) return exitCodes.done
  return launch({ room, runs, name, spec, ...given }, world)
}

export const runService = async (words: RunWords, world: World): Promise<number> => {
  const prepared = await prepare(words, world)
  const leave = new AbortController()
  const { flags } = words
  const work = (runs: RunsHere) => start({ prepared, flags, leave }, runs, world)
  return withRuns(world, leave.signal, work, catalogSearch(flags, world))
}
