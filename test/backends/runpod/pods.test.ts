import { afterEach, describe, expect, it } from 'vitest'
import { runpodProvisioner } from '#backends/runpod/provisioner'
import { create, grow, observe } from '../../contract/adapter-acts.ts'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
} from '../../contract/adapter-under-test.ts'
import { aWorkload } from '../../contract/what-runs.ts'
import { runpodLaunchCase } from './runpod-launch-case.ts'

const opened: AdapterUnderTest[] = []

const open = async (): Promise<AdapterUnderTest> => {
  const under = await openAdapter(runpodLaunchCase)
  opened.push(under)
  return under
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((under) => under.close()))
})

const [secure, community, cpu] = runpodLaunchCase.offers
const { spotOffer } = runpodLaunchCase

const bodyOf = (under: AdapterUnderTest, offer = secure, workload = aWorkload): unknown =>
  planOf(under, offer, requestOf(under, tagsOf(), { workload })).calls.at(-1)?.body

describe('what is sent to RunPod', () => {
  it('names the data center and the type to REST', async () => {
    expect(bodyOf(await open())).toMatchObject({
      cloud: 'SECURE',
      dataCenterIds: ['US-KS-2'],
      gpu: { id: 'NVIDIA A40', count: 1 },
      ports: ['8000/tcp'],
      args: JSON.stringify({ cmd: ['sh', '-c', 'serve'] }),
    })
  })

  it('makes a pod of a CPU flavor and its vCPUs', async () => {
    const body = bodyOf(await open(), cpu)
    expect(body).toMatchObject({ cpu: { id: 'cpu3c', vcpuCount: 8 }, dataCenterIds: ['EU-RO-1'] })
    expect(body).not.toHaveProperty('gpu')
  })

  it('stays in the country that was chosen, which REST could not say', async () => {
    expect(bodyOf(await open(), community)).toMatchObject({
      variables: { input: { cloudType: 'COMMUNITY', countryCode: 'CA', supportPublicIp: true } },
    })
  })

  it('bids the price of the offer, for each accelerator', async () => {
    const under = await open()
    if (spotOffer === null) throw new Error('the case has a spot offer')
    const instanceType = {
      ...spotOffer.instanceType,
      name: '2x NVIDIA A40 secure',
      gpuCount: 2,
    }
    const body = bodyOf(under, { ...spotOffer, instanceType })
    expect(body).toMatchObject({
      variables: { input: { bidPerGpu: 0.15, gpuCount: 2, dataCenterId: 'US-KS-2' } },
    })
  })

  it('goes to the working directory in a shell, which gives its place away', async () => {
    const workload = { ...aWorkload, entrypoint: ['/bin/bash'], workingDirectory: '/workflow' }
    const args: unknown = Reflect.get(Object(bodyOf(await open(), secure, workload)), 'args')
    expect(JSON.parse(String(args))).toEqual({
      entrypoint: ['/bin/sh'],
      cmd: [
        '-c',
        'mkdir -p -- "$0" && cd -- "$0" && exec "$@"',
        '/workflow',
        '/bin/bash',
        'sh',
        '-c',
        'serve',
      ],
    })
  })

  it('is refused by name where RunPod could not do it', async () => {
    const under = await open()
    for (const [change, reason] of [
      [{ projectDirectory: '/home/me' }, /--no-files/],
      [{ shmMib: 1024 }, /shm_size/],
      [{ image: null }, /image/],
    ] as const) {
      const request = requestOf(under, tagsOf(), { workload: { ...aWorkload, ...change } })
      const answer = runpodProvisioner.plan(request, secure)
      expect('refusal' in answer && answer.refusal.message).toMatch(reason)
    }
    const nowhere = runpodProvisioner.plan(requestOf(under), { ...secure, region: null })
    expect(nowhere).toMatchObject({ refusal: { class: 'no-capacity', scope: 'offer' } })
  })
})

describe('what RunPod answers', () => {
  it('is a pod, though there are errors beside it', async () => {
    const under = await open()
    const rented = { podFindAndDeployOnDemand: { id: 'pod-beside', costPerHr: 0.4 } }
    const json = { errors: [{ message: 'something was late' }], data: rented }
    under.fake.inject({ kind: 'refuse', reply: { json } }, runpodLaunchCase.isCreate)
    const made = await under.provisioner.create(under.io(), planOf(under, community))
    expect(made).toMatchObject({ ref: { id: 'pod-beside' }, rateNanoUsd: 400_000_000 })
  })

  it('leads to the mapped port, and to the price without the noise of its float', async () => {
    const under = await open()
    const made = await create(under)
    grow(under)
    const seen = await observe(under, made)
    expect(seen.service).toEqual({ host: '203.0.113.1', port: 43_210 })
    expect(seen.workload).toEqual({ phase: 'running' })
    const json = { id: made.ref.id, name: 'dso', status: 'RUNNING', cost: 0.3400000035762787 }
    under.fake.inject({ kind: 'refuse', reply: { json } }, runpodLaunchCase.isRead)
    expect((await observe(under, made)).rateNanoUsd).toBe(340_000_000)
  })

  it('tells a pod that was outbid from one that was stopped', async () => {
    const under = await open()
    const bid = planOf(under, spotOffer ?? secure, requestOf(under, tagsOf(2)))
    for (const [made, phase] of [
      [await create(under), 'failed'],
      [await under.provisioner.create(under.io(), bid), 'interrupted'],
    ] as const) {
      under.fake.model.reclaim?.(made.ref.id)
      expect((await observe(under, made)).phase).toBe(phase)
    }
  })
})
