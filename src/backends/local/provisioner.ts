/**
 * This machine: in its container engine where there is one, else as processes under a supervisor of
 * their own, which is no isolation.
 */
import { join } from 'node:path'
import type { CloudIo } from '#backends/kit/cloud-io'
import { engineReadiness, openEngine } from '#backends/kit/engine'
import { classifyEngine } from '#backends/kit/engine-errors'
import { engineMachine } from '#backends/kit/engine-inventory'
import {
  containerLogs,
  createContainer,
  destroyContainer,
  listContainers,
  observeContainer,
} from '#backends/kit/engine-machines'
import { planContainer, secretsOf, tooDear } from '#backends/kit/engine-plan'
import { machineHere } from '#backends/kit/machine-here'
import { refuseForeign } from '#backends/kit/owner-tags'
import type { LaunchRequest, Listed, Planned, Provisioner } from '#backends/kit/provisioner'
import { unknownFailure } from '#backends/kit/unknown-failure'
import { ownOffer } from '#backends/kit/user-offer'
import { userPrice, withUserPrice } from '#backends/kit/user-price'
import { refusedPlan } from '#backends/kit/vm-plan'
import type { InstanceRef } from '#domain/launch'
import type { InstanceType, Offer } from '#domain/offer'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import { classifyLocal } from './errors.ts'
import { commandOf, neededOfEngine } from './process-command.ts'
import { createProcess, destroyProcess, observeProcess, processLogs } from './processes.ts'
import { openState, type State } from './state.ts'

/** How a service runs here: also the names of the instance types. */
const inProcess = 'process'

const inContainer = 'container'

const place = { backend: 'local', region: 'local' }

const runtimeVariable = 'DSTACK_OFFERS_LOCAL_RUNTIME'

const folderOf = ({ credentials }: CloudIo): string => credentials['folder'] ?? ''

const stateOf = (io: CloudIo): State => openState(folderOf(io))

/** Processes are known by their names, containers by what the engine calls them. */
const isProcess = ({ id }: InstanceRef): boolean => id.startsWith('dso-')

const containerId = /^[0-9a-f]{64}$/

const planProcess = (request: LaunchRequest, offer: Offer): Planned => {
  const { workload, name } = request
  if (workload === null) return refusedPlan('this machine is there already: it needs a command')
  const needed = neededOfEngine(workload)
  if (needed.length > 0) {
    return refusedPlan(
      `a process on this machine has no ${needed.join(', ')}: that needs Docker or Podman`,
    )
  }
  const dear = tooDear(request, offer)
  if (dear !== null) return dear
  const body = {
    name,
    command: commandOf(workload),
    directory: workload.projectDirectory,
    environment: { ...workload.environment },
  }
  return {
    plan: {
      offer,
      request,
      calls: [{ what: 'a process on this machine, which is not isolated from it', body }],
      highestNanoUsd: offer.priceNanoUsd,
      secrets: secretsOf(workload.environment),
    },
  }
}

const readiness = (environment: Environment) => {
  const addressed = engineReadiness(environment)
  if (addressed.status !== 'ready') return addressed
  const runtime = environment[runtimeVariable]?.trim() || 'any'
  if (!['any', inProcess, inContainer].includes(runtime)) {
    return { status: 'misconfigured', names: [runtimeVariable] } as const
  }
  const folder = join(dataHome(environment), 'local')
  const values = { ...addressed.values, folder, runtime: `runtime=${runtime}` }
  const ready = { status: 'ready', values } as const
  return withUserPrice(ready, environment, 'DSTACK_OFFERS_LOCAL_PRICE')
}

/** Null where it is not wanted, none answers, or it is another machine's. */
const containerMachine = async (io: CloudIo): Promise<InstanceType | null> => {
  if (io.credentials['runtime'] === `runtime=${inProcess}`) return null
  try {
    const engine = await openEngine(io)
    return engine.isHere ? await engineMachine(engine, inContainer) : null
  } catch (error) {
    if (io.credentials['runtime'] === `runtime=${inContainer}`) throw error
    // Without an engine, this machine runs processes.
    return null
  }
}

const inventory = async (io: CloudIo): Promise<readonly Offer[]> => {
  const machine = { ...place, priceNanoUsd: userPrice(io), source: 'this machine' }
  const instanceType = (await containerMachine(io)) ?? (await machineHere(inProcess, folderOf(io)))
  return [ownOffer(io, { ...machine, instanceType })]
}

async function* list(io: CloudIo, owner: string): AsyncGenerator<Listed> {
  const state = stateOf(io)
  for (const name of state.names()) {
    const instance = await observeProcess(state, name)
    if (instance.tags?.owner === owner) yield { instance }
  }
  // An engine that is gone shows its containers again in a later list, to the sweep.
  if ((await containerMachine(io)) !== null) yield* listContainers(io, owner, place)
}

export const localProvisioner: Provisioner = {
  traits: {
    idempotency: 'name',
    tags: 'tags',
    runtime: 'host',
    userDataMaxBytes: 0,
    spot: false,
    stopBills: false,
    listConsistencySeconds: 0,
    startSeconds: 60,
    tellsInterruption: false,
  },
  readiness,
  verify: async () => undefined,
  inventory,
  plan: (request, offer) =>
    offer.instanceType.name === inProcess
      ? planProcess(request, offer)
      : planContainer(request, offer),
  create: (io, plan) =>
    plan.offer.instanceType.name === inProcess
      ? createProcess(stateOf(io), io, plan)
      : createContainer(io, plan, place),
  observe: (io, ref) =>
    isProcess(ref) ? observeProcess(stateOf(io), ref.id) : observeContainer(io, ref.id, place),
  list,
  destroy: async (io, ref) => {
    if (containerId.test(ref.id)) return destroyContainer(io, ref.id)
    refuseForeign('local', ref.id, { name: ref.id, tags: null })
    return destroyProcess(stateOf(io), ref.id)
  },
  destroySideObject: async () => 'gone',
  renew: async (io, ref, tags) => {
    const state = stateOf(io)
    const record = isProcess(ref) ? state.machine(ref.id) : null
    if (record !== null) state.writeMachine(ref.id, { ...record, tags })
  },
  logs: (io, ref, request) =>
    isProcess(ref)
      ? processLogs(stateOf(io), io, ref.id, request)
      : containerLogs(io, ref.id, request),
  classify: (error, context) =>
    classifyLocal(error) ?? classifyEngine(error, context) ?? unknownFailure(error),
}
