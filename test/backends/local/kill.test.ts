/** Killed anywhere in a launch of a real process: a call before and after each act is where it can be. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll } from 'vitest'
import type { CloudIo } from '#backends/kit/cloud-io'
import type { Provisioner } from '#backends/kit/provisioner'
import { local } from '#backends/local/backend'
import { isAlive, openState } from '#backends/local/state'
import type { Workload } from '#domain/workload'
import { namesIn } from '#platform/folders'
import { anInstanceType, anOffer } from '../../builders.ts'
import { killChapters } from '../../contract/core-chapters.ts'
import type { CloudModel, FakeKnobs } from '../../contract/fake-cloud.ts'
import { provisionerContract } from '../../contract/provisioner.ts'
import type { ProvisionerCase } from '../../contract/provisioner-case.ts'
import { aWorkload } from '../../contract/what-runs.ts'

const home = mkdtempSync(join(tmpdir(), 'local-kill-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const folder = join(home, 'local')
const state = openState(folder)

const sleeper: Workload = {
  ...aWorkload,
  image: null,
  hostPython: null,
  registryAuth: null,
  command: ['/bin/sh', '-c', 'exec sleep 600'],
}

const between = async <T>(io: CloudIo, work: () => Promise<T>): Promise<T> => {
  await io.call({ method: 'GET', path: '/before' })
  const outcome = await work()
  await io.call({ method: 'GET', path: '/after' })
  return outcome
}

const killable = (one: Provisioner): Provisioner => ({
  ...one,
  plan: (request, offer) => one.plan({ ...request, workload: sleeper }, offer),
  create: (io, plan) => between(io, () => one.create(io, plan)),
  observe: (io, ref) => between(io, () => one.observe(io, ref)),
  destroy: (io, ref) =>
    between(io, async () => {
      const answer = await one.destroy(io, ref)
      // What is going takes time, which passes on no virtual clock.
      if (answer === 'going') await delay(20)
      return answer
    }),
})

const newMachine = (_: unknown, knobs: FakeKnobs): CloudModel => {
  for (const name of state.names()) {
    const supervisor = state.supervisor(name)
    if (supervisor && isAlive(supervisor)) throw new Error(`"${name}" was left running`)
  }
  rmSync(folder, { recursive: true, force: true })
  return {
    knobs,
    handle: () => ({ json: {} }),
    machines: () => state.names().map((name) => ({ id: name, name })),
    sideObjects: () => [],
    addForeign: (name) => name,
    namesGiven: () => namesIn(join(folder, 'logs')).map((name) => name.replace(/\.log$/, '')),
  }
}

const offer = (region: string) =>
  anOffer({
    backend: 'local',
    region,
    priceNanoUsd: 0,
    instanceType: anInstanceType({ name: 'process', cpus: 2, memoryMib: 4096 }),
  })

const localCase: ProvisionerCase = {
  launcher: { ...local, provisioner: async () => killable(await local.provisioner()) },
  environment: { DSTACK_OFFERS_HOME: home, DSTACK_OFFERS_LOCAL_RUNTIME: 'process' },
  offers: [offer('local'), offer('again')],
  spotOffer: null,
  newModel: newMachine,
  isCreate: () => false,
  isRead: () => false,
  isDestroy: () => false,
  errors: [],
  errorReply: ({ status }) => ({ status }),
  makesSideObjects: false,
}

provisionerContract(localCase, killChapters)
