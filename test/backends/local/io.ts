import type { CloudIo } from '#backends/kit/cloud-io'
import type { LaunchRequest } from '#backends/kit/provisioner'
import type { OwnerTags } from '#domain/launch'
import { machineName } from '#domain/launch'
import type { Workload } from '#domain/workload'

/** The world of a provisioner that makes no HTTP calls. */
export const ioWith = (credentials: Readonly<Record<string, string>>): CloudIo => ({
  credentials,
  call: () => Promise.reject(new Error('no call was expected')),
  note: () => undefined,
  sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
  instant: () => `${new Date().toISOString().slice(0, 19)}Z`,
  secretFile: () => null,
  keepSecret: () => undefined,
  signal: new AbortController().signal,
})

export const workloadWith = (script: string, some: Partial<Workload> = {}): Workload => ({
  image: 'base:1',
  hostPython: null,
  entrypoint: ['/bin/bash'],
  command: ['-i', '-c', script],
  environment: { DSTACK_RUN_NAME: 'hello', TOKEN: 's3cret-value' },
  workingDirectory: '/workflow',
  home: '/root',
  port: 8000,
  registryAuth: null,
  shmMib: null,
  cpus: 1,
  memoryMib: 2048,
  gpuCount: 0,
  maxDurationSeconds: null,
  projectDirectory: null,
  ...some,
})

let count = 0

export const requestFor = (
  workload: Workload | null,
  { owner = 'abcd1234', replica = 0, maxPriceNanoUsd = null as number | null } = {},
): LaunchRequest => {
  count += 1
  const attempt = `01hzzzzzzzzzzz${String(count).padStart(12, '0')}`
  const tags: OwnerTags = { owner, run: 'hello', attempt, expiresAt: '2030-01-01T00:00:00Z' }
  return {
    tags,
    name: machineName(tags),
    replica,
    maxPriceNanoUsd,
    diskMib: null,
    workload,
    access: null,
  }
}

/** Asks until the answer is there. */
export const until = async <T>(ask: () => Promise<T | null | false>): Promise<T> => {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await ask()
    if (answer !== null && answer !== false) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not come about within 15 s')
}
