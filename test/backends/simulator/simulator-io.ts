/** What a launcher is given, for the simulator that keeps its cloud in a folder. */
import { mkdirSync } from 'node:fs'
import type { CloudIo } from '#backends/kit/cloud-io'
import type { LaunchRequest } from '#backends/kit/provisioner'
import { simulatorOnFile } from '#backends/simulator/on-file'
import { machineName } from '#domain/launch'
import { printInstant } from '#platform/http-time'

export const simulatorIo = (home: string, nowMs: number): CloudIo => {
  mkdirSync(home, { recursive: true })
  const ready = simulatorOnFile.readiness({ DSTACK_OFFERS_HOME: home })
  if (ready.status !== 'ready') throw new Error('the simulator needs nothing')
  return {
    note: () => undefined,
    signal: new AbortController().signal,
    sleep: async () => undefined,
    instant: () => printInstant(nowMs),
    credentials: ready.values,
    secretFile: () => null,
    keepSecret: () => undefined,
    call: async () => {
      throw new Error('the simulator makes no calls')
    },
  }
}

export const simulatorRequest = (attempt: string): LaunchRequest => {
  const tags = { owner: 'testtest', run: 'web', attempt, expiresAt: '2100-01-01T00:00:00Z' }
  return {
    tags,
    name: machineName(tags),
    replica: 0,
    maxPriceNanoUsd: null,
    diskMib: null,
    workload: null,
    access: null,
  }
}
