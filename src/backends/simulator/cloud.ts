/**
 * The simulated cloud: what is there, and what happens to it. It knows no files and no clock; time
 * is told by whoever asks.
 */
import type { OwnerTags } from '#domain/launch'
import { endOf, isOn, phaseAt, type SimulatedMachine, type SimulatedSideObject } from './machine.ts'
import type { SimulatorRules } from './rules.ts'

/** What it remembers of machines that are gone. */
interface CloudTotals {
  readonly made: number
  /** Machines made while another one of the same attempt was on. */
  readonly doubles: number
  /** Of machines that are forgotten by now. */
  readonly costNanoUsd: number
}

/** All of it, as it is kept. */
export interface CloudState {
  readonly seed: number
  calls: number
  machines: readonly SimulatedMachine[]
  sideObjects: readonly SimulatedSideObject[]
  totals: CloudTotals
}

export const newCloudState = (seed: number): CloudState => ({
  seed,
  calls: 0,
  machines: [],
  sideObjects: [],
  totals: { made: 0, doubles: 0, costNanoUsd: 0 },
})

/** How long what is gone is still listed as such. */
const rememberedMs = 60 * 60 * 1000

const hourMs = 60 * 60 * 1000

const costOf = (machine: SimulatedMachine, nowMs: number): number => {
  const untilMs = Math.min(endOf(machine) ?? nowMs, nowMs)
  return (machine.rateNanoUsd * Math.max(0, untilMs - machine.createdMs)) / hourMs
}

const forgetOld = (state: CloudState, nowMs: number): void => {
  const isOld = ({ goneMs }: SimulatedMachine): boolean =>
    goneMs !== null && nowMs - goneMs > rememberedMs
  const old = state.machines.filter(isOld)
  if (old.length === 0) return
  const cost = old.reduce((sum, machine) => sum + costOf(machine, nowMs), 0)
  state.totals = { ...state.totals, costNanoUsd: state.totals.costNanoUsd + cost }
  state.machines = state.machines.filter((machine) => !isOld(machine))
}

export const hasRoom = (
  { machines }: CloudState,
  rules: SimulatorRules,
  offerId: string,
  nowMs: number,
): boolean => {
  const taken = machines.filter((one) => one.offerId === offerId && isOn(one, nowMs)).length
  return taken < rules.capacity(offerId, nowMs)
}

export interface MachineOrder {
  readonly name: string
  readonly tags: OwnerTags | null
  readonly offerId: string
  readonly region: string
  readonly spot: boolean
  readonly rateNanoUsd: number
  readonly dies: boolean
}

export const addMachine = (
  state: CloudState,
  rules: SimulatorRules,
  order: MachineOrder,
  nowMs: number,
): SimulatedMachine => {
  forgetOld(state, nowMs)
  const { dies, spot, ...rest } = order
  const id = `sim-${state.totals.made + 1}`
  const runningMs = nowMs + rules.startMs(id)
  const reclaimMs = spot ? rules.reclaimMs(id) : null
  const machine: SimulatedMachine = {
    ...rest,
    id,
    createdMs: nowMs,
    visibleMs: nowMs + rules.visibleMs(id),
    runningMs,
    addressMs: runningMs + rules.visibleMs(id),
    failedMs: dies ? runningMs : null,
    reclaimedMs: reclaimMs === null ? null : runningMs + reclaimMs,
    goneMs: null,
  }
  const { attempt } = order.tags ?? {}
  const isDouble =
    attempt !== undefined &&
    state.machines.some((one) => one.tags?.attempt === attempt && isOn(one, nowMs))
  const { made, doubles, costNanoUsd: cost } = state.totals
  state.totals = { made: made + 1, doubles: doubles + (isDouble ? 1 : 0), costNanoUsd: cost }
  state.machines = [...state.machines, machine]
  return machine
}

export const addSideObject = (state: CloudState, object: SimulatedSideObject): void => {
  const others = state.sideObjects.filter(
    ({ id, kind }) => id !== object.id || kind !== object.kind,
  )
  state.sideObjects = [...others, object]
}

const change = (state: CloudState, id: string, by: Partial<SimulatedMachine>): void => {
  state.machines = state.machines.map((one) => (one.id === id ? { ...one, ...by } : one))
}

export const beginDestroy = (
  state: CloudState,
  rules: SimulatorRules,
  { id, goneMs }: SimulatedMachine,
  nowMs: number,
): void => {
  if (goneMs === null) change(state, id, { goneMs: nowMs + rules.destroyMs(id) })
}

export const changeTags = (state: CloudState, id: string, tags: OwnerTags): void =>
  change(state, id, { tags })

/** What a read of its id finds. */
export const visible = (
  { machines }: CloudState,
  id: string,
  nowMs: number,
): SimulatedMachine | null =>
  machines.find((one) => one.id === id && nowMs >= one.visibleMs) ?? null

/** Machines of an owner that a list shows: those that are gone are left out. */
export const visibleOf = (
  { machines }: CloudState,
  owner: string,
  nowMs: number,
): readonly SimulatedMachine[] =>
  machines.filter(
    (one) => one.tags?.owner === owner && nowMs >= one.visibleMs && phaseAt(one, nowMs) !== 'gone',
  )
