/** What the tests of SSH and Kubernetes launch. */
import type { CloudIo } from '#backends/kit/cloud-io'
import type { LaunchPlan, LaunchRequest, Planned } from '#backends/kit/provisioner'
import { machineName } from '#domain/launch'
import type { SideObject } from '#domain/launch'
import type { InstanceType, Offer } from '#domain/offer'
import type { Workload } from '#domain/workload'

export const secretValue = 'canary-3f9a "quoted" $HOME\nsecond line'

export const workload: Workload = {
  image: 'localhost/node:1',
  entrypoint: ['/bin/sh', '-c'],
  command: [
    "exec node -e \"require('http').createServer((q, r) => { console.log('asked'); r.end(process.env.TOKEN) }).listen(8000)\"",
  ],
  environment: { DSTACK_RUN_NAME: 'greet', TOKEN: secretValue, HOME: '/root' },
  workingDirectory: '/workflow',
  home: '/root',
  port: 8000,
  registryAuth: null,
  shmMib: 64,
  cpus: 0.5,
  memoryMib: 256,
  gpuCount: 0,
  maxDurationSeconds: null,
  projectDirectory: null,
}

export const machine: InstanceType = {
  name: 'box-1',
  cpus: 2,
  memoryMib: 4096,
  gpu: null,
  gpuCount: 0,
  diskMib: null,
  architecture: null,
}

export const offerOf = (backend: string, instanceType: InstanceType): Offer => ({
  id: `${backend}/?/${instanceType.name}/on-demand`,
  backend,
  region: null,
  instanceType,
  spot: false,
  priceNanoUsd: 0,
  stock: 'unknown',
  observation: { source: 'a test', observedAt: '2026-11-24T10:00:00Z' },
})

export const owner = 'abcd1234'

export const requestOf = (attempt: string, over: Partial<Workload> = {}): LaunchRequest => {
  const tags = { owner, run: 'greet', attempt, expiresAt: '2026-11-25T10:00:00Z' }
  return {
    tags,
    name: machineName(tags),
    replica: 0,
    maxPriceNanoUsd: null,
    diskMib: null,
    workload: { ...workload, ...over },
    access: null,
  }
}

export const attempts = ['01jdaaaaaaaaaaaaaaaaaaaaaa', '01jdbbbbbbbbbbbbbbbbbbbbbb'] as const

export const planIn = (planned: Planned): LaunchPlan => {
  if ('plan' in planned) return planned.plan
  throw new Error(planned.refusal.message)
}

export interface TestIo extends CloudIo {
  readonly noted: SideObject[]
}

export const ioWith = (
  credentials: Readonly<Record<string, string>>,
  over: Partial<CloudIo> = {},
): TestIo => {
  const noted: SideObject[] = []
  return {
    credentials,
    noted,
    note: (object) => noted.push(object),
    call: () => Promise.reject(new Error('no call goes this way')),
    sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
    instant: () => '2026-11-24T10:00:00Z',
    secretFile: () => null,
    keepSecret: () => undefined,
    signal: new AbortController().signal,
    ...over,
  }
}
