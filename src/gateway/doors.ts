/** All services at the gateway, by run, and those that left while requests are still on them. */
import type { Service } from '#domain/serving'
import { type DoorOptions, ServiceDoor } from './service-door.ts'

export interface Doors {
  readonly closing: boolean
  byRun(run: string): ServiceDoor | null
  byId(runId: string): ServiceDoor | null
  update(services: readonly Service[]): void
  drain(replicaId: string): number
  close(graceMs: number): Promise<void>
}

const pollMs = 20

export const newDoors = (options: DoorOptions): Doors => {
  const byId = new Map<string, ServiceDoor>()
  let byRun = new Map<string, ServiceDoor>()
  const leaving = new Set<ServiceDoor>()
  let closing = false

  const dismissAll = (but: ReadonlySet<string>): void => {
    for (const [runId, door] of byId) {
      if (but.has(runId)) continue
      byId.delete(runId)
      door.dismiss()
      if (door.travellers.size > 0) leaving.add(door)
    }
    for (const door of leaving) if (door.travellers.size === 0) leaving.delete(door)
  }

  const everyDoor = (): readonly ServiceDoor[] => [...byId.values(), ...leaving]

  const underWay = (): number => everyDoor().reduce((sum, door) => sum + door.travellers.size, 0)

  const untilIdle = async (graceMs: number): Promise<void> => {
    const { clock } = options
    const { signal } = new AbortController()
    const endMs = clock.nowMs() + graceMs
    while (underWay() > 0 && clock.nowMs() < endMs) await clock.sleep(pollMs, signal)
  }

  return {
    get closing() {
      return closing
    },
    byRun: (run) => byRun.get(run) ?? null,
    byId: (runId) => byId.get(runId) ?? null,

    update: (services) => {
      for (const service of services) {
        const door = byId.get(service.runId)
        if (door) door.update(service)
        else byId.set(service.runId, new ServiceDoor(service, options))
      }
      dismissAll(new Set(services.map(({ runId }) => runId)))
      byRun = new Map([...byId.values()].map((door) => [door.service.run, door]))
    },

    drain: (replicaId) => {
      for (const door of everyDoor()) {
        const inFlight = door.drain(replicaId)
        if (inFlight !== null) return inFlight
      }
      return 0
    },

    close: async (graceMs) => {
      closing = true
      for (const door of byId.values()) door.stopHolding()
      await untilIdle(graceMs)
      for (const door of everyDoor()) door.destroy()
    },
  }
}
