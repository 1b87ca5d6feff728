/** The simulated cloud behind the interface of every launcher. */
import type { CloudIo } from '#backends/kit/cloud-io'
import { machineGone } from '#backends/kit/observed'
import type {
  CallContext,
  LaunchPlan,
  Observed,
  Provisioner,
  ProvisionerTraits,
} from '#backends/kit/provisioner'
import { alwaysReady } from '#backends/kit/readiness'
import type { InstanceRef, SideObject } from '#domain/launch'
import { parseInstant } from '#platform/clock'
import { NoAnswer } from '#platform/http-once'
import { offersAt } from './catalog.ts'
import {
  addMachine,
  addSideObject,
  beginDestroy,
  changeTags,
  type CloudState,
  hasRoom,
  visible,
  visibleOf,
} from './cloud.ts'
import { classify, SimulatedRefusal } from './errors.ts'
import { isOn, phaseAt, type SimulatedMachine } from './machine.ts'
import type { Fault, SimulatorRules } from './rules.ts'

export interface Simulation {
  readonly rules: SimulatorRules
  readonly runtime: 'vm' | 'container'
  readonly idempotency: ProvisionerTraits['idempotency']
  /** One call at a time; what it changed is kept even where it throws. */
  within<T>(work: (state: CloudState) => T): T
}

const nowOf = (io: CloudIo): number => parseInstant(io.instant()) ?? 0

const refOf = ({ id, region }: SimulatedMachine): InstanceRef => ({
  backend: 'simulator',
  id,
  region,
  zone: null,
})

const observed = (
  machine: SimulatedMachine,
  runtime: Simulation['runtime'],
  nowMs: number,
): Observed => {
  const phase = phaseAt(machine, nowMs)
  const hasAddress = phase === 'running' && nowMs >= machine.addressMs
  const cause = new SimulatedRefusal('no-capacity', 'offer', 'there was no room after all')
  const during = { during: 'observe', spot: false } as const
  return {
    ref: refOf(machine),
    name: machine.name,
    tags: machine.tags,
    phase,
    cause: phase === 'failed' ? classify(cause, during) : null,
    ssh: runtime === 'vm' && hasAddress ? { host: '192.0.2.1', port: 22 } : null,
    service: null,
    workload: runtime === 'container' && hasAddress ? { phase: 'running' } : null,
    rateNanoUsd: machine.rateNanoUsd,
  }
}

const refuse = (fault: Fault | null): void => {
  if (fault?.kind === 'lost-request') throw new NoAnswer('the request was lost', true)
  if (fault?.kind === 'refused') {
    throw new SimulatedRefusal(fault.class, fault.scope, `simulated: ${fault.class}`)
  }
}

const createMachine = (
  { rules, idempotency }: Simulation,
  state: CloudState,
  { offer, request }: LaunchPlan,
  { fault, nowMs, sideObject }: { fault: Fault | null; nowMs: number; sideObject: SideObject },
): SimulatedMachine => {
  const { tags, name, maxPriceNanoUsd } = request
  const earlier = state.machines.find((one) => one.tags?.attempt === tags.attempt)
  if (earlier && idempotency !== 'none') return earlier
  refuse(fault)
  addSideObject(state, { ...sideObject, kind: 'disk', region: offer.region ?? '', tags })
  if (fault?.kind === 'partial' || !hasRoom(state, rules, offer.id, nowMs)) {
    throw new SimulatedRefusal('no-capacity', 'offer', `there is no room for "${offer.id}"`)
  }
  const price = offer.priceNanoUsd ?? 0
  const rateNanoUsd = fault?.kind === 'dearer' ? price * 2 : price
  if (offer.spot && maxPriceNanoUsd !== null && rateNanoUsd > maxPriceNanoUsd) {
    throw new SimulatedRefusal('offer-gone', 'offer', 'its price has risen above max_price')
  }
  const order = { name, tags, offerId: offer.id, region: offer.region ?? '', spot: offer.spot }
  const dies = fault?.kind === 'dies'
  return addMachine(state, rules, { ...order, rateNanoUsd, dies }, nowMs)
}

/** An id that is not ours is refused, whatever asks for it. */
const owned = (machine: SimulatedMachine): SimulatedMachine => {
  if (machine.tags !== null) return machine
  throw new SimulatedRefusal('invalid', 'instance', `"${machine.id}" is somebody else's`)
}

export const simulatorProvisioner = (
  simulationOf: (io: CloudIo) => Simulation,
  readiness: Provisioner['readiness'] = alwaysReady,
  traits: Pick<Simulation, 'runtime' | 'idempotency'> = {
    runtime: 'container',
    idempotency: 'token',
  },
): Provisioner => {
  const ask = <T>(
    io: CloudIo,
    call: CallContext['during'],
    work: (state: CloudState, simulation: Simulation, fault: Fault | null) => T,
  ): T => {
    const simulation = simulationOf(io)
    return simulation.within((state) => {
      state.calls += 1
      const fault = simulation.rules.fault(call, state.calls)
      if (call !== 'create') refuse(fault)
      const answer = work(state, simulation, fault)
      if (fault?.kind === 'lost-response') throw new NoAnswer('the answer was lost', true)
      return answer
    })
  }
  return {
    traits: {
      ...traits,
      tags: 'tags',
      userDataMaxBytes: 16_384,
      spot: true,
      stopBills: false,
      listConsistencySeconds: 30,
      startSeconds: 300,
      tellsInterruption: true,
    },
    readiness,
    verify: async (io) => ask(io, 'verify', () => undefined),
    inventory: async (io) =>
      ask(io, 'verify', (state, { rules }) => {
        const nowMs = nowOf(io)
        return offersAt(state.seed, { nowMs, instant: io.instant() }, ({ id }) =>
          hasRoom(state, rules, id, nowMs) ? 'high' : 'none',
        )
      }),
    plan: (request, offer) => {
      const { name, tags } = request
      const body = { name, tags: { ...tags }, offer: offer.id }
      const calls = [{ what: 'simulator: make a machine', body }]
      return { plan: { offer, request, calls, highestNanoUsd: offer.priceNanoUsd, secrets: [] } }
    },
    create: async (io, plan) => {
      const { offer, request } = plan
      const id = `${request.name}-disk`
      const sideObject = { kind: 'disk', id, region: offer.region, isShared: false } as const
      io.note(sideObject)
      const machine = ask(io, 'create', (state, simulation, fault) =>
        createMachine(simulation, state, plan, { fault, nowMs: nowOf(io), sideObject }),
      )
      return { ref: refOf(machine), rateNanoUsd: machine.rateNanoUsd }
    },
    observe: async (io, ref) =>
      ask(io, 'observe', (state) => {
        const machine = visible(state, ref.id, nowOf(io))
        return machine ? observed(machine, traits.runtime, nowOf(io)) : machineGone(ref)
      }),
    list: async function* list(io, owner) {
      const all = ask(io, 'list', (state) => ({
        machines: visibleOf(state, owner, nowOf(io)),
        sideObjects: state.sideObjects.filter(({ tags }) => tags?.owner === owner),
      }))
      for (const machine of all.machines) {
        yield { instance: observed(machine, traits.runtime, nowOf(io)) }
      }
      for (const { tags, ...sideObject } of all.sideObjects) yield { sideObject, tags }
    },
    destroy: async (io, ref) =>
      ask(io, 'destroy', (state, { rules }) => {
        const nowMs = nowOf(io)
        const machine = visible(state, ref.id, nowMs)
        if (machine === null || phaseAt(machine, nowMs) === 'gone') return 'gone'
        beginDestroy(state, rules, owned(machine), nowMs)
        return 'going'
      }),
    destroySideObject: async (io, { kind, id }) =>
      ask(io, 'destroy', (state) => {
        const isIt = (one: SideObject): boolean => one.kind === kind && one.id === id
        const user = state.machines.find((one) => id === `${one.name}-disk`)
        if (user && isOn(user, nowOf(io))) return 'going'
        if (state.sideObjects.some((one) => isIt(one) && one.tags === null)) {
          throw new SimulatedRefusal('invalid', 'instance', `"${id}" is somebody else's`)
        }
        state.sideObjects = state.sideObjects.filter((one) => !isIt(one))
        return 'gone'
      }),
    renew: async (io, { id }, tags) => ask(io, 'observe', (state) => changeTags(state, id, tags)),
    classify,
  }
}
