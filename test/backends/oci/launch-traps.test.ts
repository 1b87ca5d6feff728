/** What the contract does not ask of every cloud. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Offer } from '#domain/offer'
import { aGpu, anInstanceType } from '../../builders.ts'
import { create, grow, observe, untilGone } from '../../contract/adapter-acts.ts'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
  verdictOf,
} from '../../contract/adapter-under-test.ts'
import type { FakeRequest } from '../../contract/fake-cloud.ts'
import { isRow } from '../../contract/importer-case.ts'
import { notThere, ociRefusal } from './oci-answers.ts'
import { isLaunch, ociLaunchCase, ociOffer } from './oci-launch-case.ts'

const opened: AdapterUnderTest[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((under) => under.close()))
})

const open = async (): Promise<AdapterUnderTest> => {
  const under = await openAdapter(ociLaunchCase)
  opened.push(under)
  return under
}

const launchBody = (under: AdapterUnderTest, offer: Offer, over = {}): unknown =>
  planOf(under, offer, requestOf(under, tagsOf(), over)).calls.at(-1)?.body

const launchAt = (under: AdapterUnderTest, offer: Offer) =>
  under.provisioner.create(under.io(), planOf(under, offer))

const domainOf = ({ body }: FakeRequest): string =>
  isRow(body) ? String(body['availabilityDomain']).slice(-4) : ''

const domainsAsked = ({ fake }: AdapterUnderTest): readonly string[] =>
  fake.asked.filter(isLaunch).map(domainOf)

const [paris] = ociLaunchCase.offers
const ashburn = ociOffer({ region: 'us-ashburn-1' })
const withGpu = (region: string, vendor: 'nvidia' | 'amd' = 'nvidia') =>
  ociOffer({
    region,
    instanceType: anInstanceType({ name: 'VM.GPU.A10.1', gpu: aGpu({ name: 'A10', vendor }) }),
  })

const noHosts = ociRefusal(500, 'InternalError', 'Out of host capacity.')

describe('availability domains of oci', () => {
  it('are asked one after another, as long as each has no host', async () => {
    const under = await open()
    under.fake.inject({ kind: 'refuse', reply: noHosts }, isLaunch, 2)
    const { ref } = await launchAt(under, ashburn)
    expect(ref).toMatchObject({ region: 'us-ashburn-1', zone: 'Xyzw:US-ASHBURN-AD-3' })
    expect(domainsAsked(under)).toEqual(['AD-1', 'AD-2', 'AD-3'])
    under.fake.inject({ kind: 'refuse', reply: noHosts }, isLaunch, 3)
    const other = under.provisioner.create(
      under.io(),
      planOf(under, ashburn, requestOf(under, tagsOf(2))),
    )
    expect((await verdictOf(under, other, 'create')).class).toBe('no-capacity')
  })

  it('have limits of their own', async () => {
    const under = await open()
    const limited = ociRefusal(400, 'LimitExceeded')
    under.fake.inject({ kind: 'refuse', reply: limited }, isLaunch)
    expect((await launchAt(under, ashburn)).ref.zone).toBe('Xyzw:US-ASHBURN-AD-2')
    under.fake.inject({ kind: 'refuse', reply: limited }, isLaunch)
    under.fake.inject({ kind: 'refuse', reply: noHosts }, isLaunch)
    under.fake.inject({ kind: 'refuse', reply: limited }, isLaunch)
    const again = planOf(under, ashburn, requestOf(under, tagsOf(2)))
    const refused = under.provisioner.create(under.io(), again)
    expect((await verdictOf(under, refused, 'create')).class).toBe('no-capacity')
  })

  it('that lack the shape are left out', async () => {
    const under = await open()
    await launchAt(under, ociLaunchCase.offers[2] ?? ashburn)
    expect(domainsAsked(under)).toEqual(['AD-2'])
    const unknown = ociOffer({ instanceType: anInstanceType({ name: 'VM.Standard9.1' }) })
    const verdict = await verdictOf(under, launchAt(under, unknown), 'create')
    expect(verdict).toMatchObject({ class: 'forbidden', scope: 'type-region' })
    expect(verdict.message).toContain('VM.Standard9.1')
  })

  it('after the first leave it unclear what an error has made', async () => {
    const under = await open()
    under.fake.inject({ kind: 'refuse', reply: noHosts }, isLaunch)
    under.fake.inject({ kind: 'refuse', reply: ociRefusal(500, 'InternalError') }, isLaunch)
    expect((await verdictOf(under, launchAt(under, ashburn), 'create')).class).toBe('ambiguous')
    expect(domainsAsked(under)).toEqual(['AD-1', 'AD-2'])
  })
})

describe('images of oci', () => {
  const imageAsked = ({ fake }: AdapterUnderTest): unknown => {
    const body = fake.asked.findLast(isLaunch)?.body
    const source = isRow(body) ? body['sourceDetails'] : null
    return isRow(source) ? source['imageId'] : null
  }

  it("are the platform's Ubuntu, not one that somebody made of it", async () => {
    const under = await open()
    await create(under)
    expect(imageAsked(under)).toBe('ocid1.image.ubuntu')
  })

  it("for accelerators are the user's, by its tag; without one nothing is made", async () => {
    const under = await open()
    await launchAt(under, withGpu('eu-marseille-1'))
    expect(imageAsked(under)).toBe('ocid1.image.driven')
    for (const offer of [withGpu('eu-paris-1'), withGpu('eu-marseille-1', 'amd')]) {
      const before = under.fake.asked.filter(({ method }) => method !== 'GET').length
      const verdict = await verdictOf(under, launchAt(under, offer), 'create')
      expect(verdict).toMatchObject({ class: 'forbidden', scope: 'type-region' })
      expect(verdict.message).toMatch(/an image of yours tagged dso-image=(nvidia|amd)/)
      expect(under.fake.asked.filter(({ method }) => method !== 'GET')).toHaveLength(before)
    }
  })
})

describe('plans of oci', () => {
  it('size a flexible shape, and take a fixed one by its name', async () => {
    const under = await open()
    expect(launchBody(under, paris)).toMatchObject({
      shape: 'VM.Standard.E4.Flex',
      shapeConfig: { ocpus: 2, memoryInGBs: 16 },
      sourceDetails: { bootVolumeSizeInGBs: 100 },
    })
    const fixed = launchBody(under, ociLaunchCase.offers[2] ?? paris, { diskMib: 1024 })
    expect(fixed).toMatchObject({
      shape: 'VM.Standard2.2',
      sourceDetails: { bootVolumeSizeInGBs: 50 },
    })
    expect(fixed).not.toHaveProperty('shapeConfig')
    expect(fixed).not.toHaveProperty('preemptibleInstanceConfig')
  })

  it('ask for preemptible capacity that goes with its disk', async () => {
    const under = await open()
    expect(launchBody(under, ociOffer({ spot: true }))).toMatchObject({
      preemptibleInstanceConfig: {
        preemptionAction: { type: 'TERMINATE', preserveBootVolume: false },
      },
    })
  })
})

describe('the account of oci', () => {
  it('takes a region that it has not subscribed to for closed', async () => {
    const under = await open()
    const work = launchAt(under, ociOffer({ region: 'ap-tokyo-1' }))
    expect(await verdictOf(under, work, 'create')).toMatchObject({
      class: 'forbidden',
      scope: 'region',
    })
  })

  it('does not take a machine that it may not see for gone', async () => {
    const under = await open()
    const made = await create(under)
    const isOfInstances = ({ path }: FakeRequest): boolean => path.includes('/instances')
    under.fake.inject({ kind: 'refuse', reply: notThere }, isOfInstances, 2)
    expect((await verdictOf(under, observe(under, made), 'observe')).class).toBe('auth')
    under.fake.inject({ kind: 'refuse', reply: notThere }, isOfInstances, 2)
    const ending = under.provisioner.destroy(under.io(), made.ref)
    expect((await verdictOf(under, ending, 'destroy')).class).toBe('auth')
    grow(under)
    expect((await observe(under, made)).phase).toBe('running')
  })
})

describe('networks of oci', () => {
  const isSubnet = ({ method, path }: FakeRequest): boolean =>
    method === 'POST' && path.endsWith('/subnets')

  it('are made once, and finished where a launch was cut off in the middle', async () => {
    const under = await open()
    under.fake.inject({ kind: 'lose-request' }, isSubnet)
    await expect(create(under)).rejects.toThrow(/./)
    await create(under)
    await create(under, 2)
    expect(under.fake.asked.filter(isSubnet)).toHaveLength(2)
    expect(under.fake.model.sideObjects()).toHaveLength(3)
  })

  it('stay as long as a machine is in them, and then go from the inside out', async () => {
    const under = await open()
    const made = await create(under)
    const [network] = under.noted
    if (network === undefined) throw new Error('nothing was noted')
    const remove = () => under.provisioner.destroySideObject(under.io(), network)
    expect(await remove()).toBe('going')
    expect(under.fake.model.sideObjects()).toHaveLength(3)
    await untilGone(under, made)
    expect(await remove()).toBe('going')
    expect(await remove()).toBe('gone')
    expect(under.fake.model.sideObjects()).toEqual([])
  })

  it('of the same name without our tag are not touched', async () => {
    const under = await open()
    await create(under)
    const [network] = under.noted
    if (network === undefined) throw new Error('nothing was noted')
    const foreign = { id: 'v', lifecycleState: 'AVAILABLE', defaultRouteTableId: 'r' }
    const isList = ({ path }: FakeRequest): boolean => path.endsWith('/vcns')
    under.fake.inject({ kind: 'refuse', reply: { status: 200, json: [foreign] } }, isList)
    expect(await under.provisioner.destroySideObject(under.io(), network)).toBe('gone')
    expect(under.fake.asked.filter(({ method }) => method === 'DELETE')).toEqual([])
  })
})

describe('tags of oci', () => {
  it('move the expiry, and leave what others have written', async () => {
    const under = await open()
    const made = await create(under)
    const expiresAt = '2026-11-24T15:30:00Z'
    await under.provisioner.renew?.(under.io(), made.ref, { ...tagsOf(), expiresAt })
    expect((await observe(under, made)).tags).toEqual({ ...tagsOf(), expiresAt })
    const sent = under.fake.asked.findLast(({ method }) => method === 'PUT')?.body
    expect(sent).toMatchObject({ freeformTags: { 'dso-run': 'serve' } })
  })
})
