/** What the contract does not ask of every cloud. */
import { afterEach, describe, expect, it } from 'vitest'
import { requestIdOf } from '#backends/gcp/api'
import type { InstanceType } from '#domain/offer'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import { create, observe } from '../../contract/adapter-acts.ts'
import {
  type AdapterUnderTest,
  listedOf,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
} from '../../contract/adapter-under-test.ts'
import { gcpLaunchCase } from './gcp-launch-case.ts'

const opened: AdapterUnderTest[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((under) => under.close()))
})

const open = async (): Promise<AdapterUnderTest> => {
  const under = await openAdapter(gcpLaunchCase)
  opened.push(under)
  return under
}

const offerOf = (over: Partial<InstanceType>, spot = false) =>
  anOffer({ backend: 'gcp', region: 'us-central1', instanceType: anInstanceType(over), spot })

const machineOf = (
  under: AdapterUnderTest,
  over: Partial<InstanceType>,
  { spot = false, diskMib = null }: { spot?: boolean; diskMib?: number | null } = {},
): unknown =>
  planOf(under, offerOf(over, spot), requestOf(under, tagsOf(), { diskMib })).calls.at(-1)?.body

const diskOf = (disk: Readonly<Record<string, string>>) => ({
  instanceProperties: { disks: [{ initializeParams: disk }] },
})

const plain = { name: 'e2-standard-2' }
const t4 = aGpu({ name: 'T4', computeCapability: [7, 5] })

describe('launches at gcp', () => {
  it('attach the cards that a name tells', async () => {
    const under = await open()
    expect(machineOf(under, { name: 'n1-standard-8+2xT4', gpu: t4 })).toMatchObject({
      instanceProperties: {
        machineType: 'n1-standard-8',
        guestAccelerators: [{ acceleratorType: 'nvidia-tesla-t4', acceleratorCount: 2 }],
        scheduling: { provisioningModel: 'STANDARD', onHostMaintenance: 'TERMINATE' },
      },
    })
    expect(machineOf(under, { name: 'g2-standard-4', gpu: aGpu({ name: 'L4' }) })).toMatchObject({
      instanceProperties: { machineType: 'g2-standard-4', guestAccelerators: [] },
    })
  })

  it('refuse accelerators that no image has a driver for', async () => {
    const under = await open()
    for (const type of [
      { name: 'n1-standard-8+1xK80', gpu: aGpu({ name: 'K80' }) },
      { name: 'v5litepod-8', gpu: aGpu({ name: 'v5e', vendor: 'google' }) },
      { name: 'a4x-highgpu-4g', gpu: aGpu({ name: 'GB200' }), architecture: 'arm64' as const },
      { name: 'n1-standard-8+1xNEW', gpu: aGpu({ name: 'NEW' }) },
    ]) {
      const answer = under.provisioner.plan(requestOf(under), offerOf(type))
      expect(answer).toMatchObject({ refusal: { class: 'forbidden', scope: 'type-region' } })
    }
  })

  it('ask for a spot machine that is deleted when it is taken back', async () => {
    const under = await open()
    expect(machineOf(under, plain, { spot: true })).toMatchObject({
      instanceProperties: {
        scheduling: { provisioningModel: 'SPOT', instanceTerminationAction: 'DELETE' },
      },
    })
  })

  it('take the disk that the family takes, of the size that is asked for', async () => {
    const under = await open()
    const c4 = { name: 'c4-standard-2' }
    expect(machineOf(under, c4)).toMatchObject(diskOf({ diskType: 'hyperdisk-balanced' }))
    expect(machineOf(under, plain)).toMatchObject(
      diskOf({ diskType: 'pd-balanced', diskSizeGb: '100' }),
    )
    const asked = { diskMib: 20_500 }
    expect(machineOf(under, plain, asked)).toMatchObject(diskOf({ diskSizeGb: '21' }))
    const onGpu = { name: 'n1-standard-8+1xT4', gpu: t4 }
    expect(machineOf(under, onGpu, asked)).toMatchObject(diskOf({ diskSizeGb: '50' }))
  })

  it('give a request the same UUID whenever it is made, and another to another', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    const ids = Array.from({ length: 200 }, (_, at) => requestIdOf(tagsOf(at).attempt))
    for (const id of ids) expect(id).toMatch(uuid)
    expect(new Set(ids).size).toBe(200)
    expect(requestIdOf(tagsOf(7).attempt)).toBe(ids[7])
  })

  it('move the expiry, and leave labels of others as they are', async () => {
    const under = await open()
    const made = await create(under)
    const expiresAt = '2026-11-24T15:30:00Z'
    await under.provisioner.renew?.(under.io(), made.ref, { ...tagsOf(), expiresAt })
    expect((await observe(under, made)).tags).toEqual({ ...tagsOf(), expiresAt })
  })

  it('take no list for whole that a zone is missing from', async () => {
    const under = await open()
    const items = { 'zones/us-central1-a': { warning: { code: 'UNREACHABLE', message: 'down' } } }
    under.fake.inject({ kind: 'refuse', reply: { json: { items } } }, ({ path }) =>
      path.endsWith('/aggregated/instances'),
    )
    await expect(listedOf(under)).rejects.toThrow('does not answer')
  })

  it('need an account: an API key opens none', async () => {
    const provisioner = await gcpLaunchCase.launcher.provisioner()
    expect(provisioner.readiness({ GCP_API_KEY: 'one' })).toEqual({
      status: 'missing',
      names: ['GOOGLE_APPLICATION_CREDENTIALS'],
    })
    expect(provisioner.readiness(gcpLaunchCase.environment).status).toBe('ready')
  })

  it('take a file that cannot be read for bad credentials', async () => {
    const { gcp } = await import('#backends/gcp/backend')
    const under = await openAdapter({ ...gcpLaunchCase, launcher: gcp })
    opened.push(under)
    const error: unknown = await under.provisioner.verify(under.io()).catch((one: unknown) => one)
    const verdict = under.provisioner.classify(error, { during: 'verify', spot: false })
    expect(verdict).toMatchObject({ class: 'auth', scope: 'backend' })
    expect(under.fake.asked).toEqual([])
  })
})
