/** What the contract does not ask of every cloud. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Offer } from '#domain/offer'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import { create, observe } from '../../contract/adapter-acts.ts'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
  verdictOf,
} from '../../contract/adapter-under-test.ts'
import { awsLaunchCase } from './aws-launch-case.ts'
import { ec2Refusal } from './ec2-answers.ts'

const opened: AdapterUnderTest[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((under) => under.close()))
})

const open = async (): Promise<AdapterUnderTest> => {
  const under = await openAdapter(awsLaunchCase)
  opened.push(under)
  return under
}

const launchBody = (under: AdapterUnderTest, offer: Offer, over = {}): unknown =>
  planOf(under, offer, requestOf(under, tagsOf(), over)).calls.at(-1)?.body

const spot = awsLaunchCase.spotOffer ?? awsLaunchCase.offers[0]

describe('launches at aws', () => {
  it('take a region that refuses keys which the home region takes for closed', async () => {
    const under = await open()
    const closed = anOffer({ region: 'af-south-1' })
    const work = under.provisioner.create(under.io(), planOf(under, closed))
    expect(await verdictOf(under, work, 'create')).toMatchObject({
      class: 'forbidden',
      scope: 'region',
    })
  })

  it('take keys that no region takes for bad', async () => {
    const under = await open()
    const refusal = ec2Refusal(401, 'AuthFailure', 'not able to validate')
    under.fake.inject({ kind: 'refuse', reply: refusal }, () => true, 9)
    const elsewhere = under.provisioner.create(under.io(), planOf(under, awsLaunchCase.offers[1]))
    expect((await verdictOf(under, elsewhere, 'create')).class).toBe('auth')
  })

  it('give EC2 the limit of a spot machine, and know no other', async () => {
    const under = await open()
    const price = 'InstanceMarketOptions.SpotOptions.MaxPrice'
    expect(launchBody(under, spot, { maxPriceNanoUsd: 50_000_000 })).toMatchObject({
      'InstanceMarketOptions.MarketType': 'spot',
      [price]: '0.05',
      'TagSpecification.3.ResourceType': 'spot-instances-request',
    })
    expect(launchBody(under, spot)).not.toHaveProperty([price])
    expect(planOf(under, spot).highestNanoUsd).toBeNull()
    const limited = requestOf(under, tagsOf(), { maxPriceNanoUsd: 50_000_000 })
    expect(planOf(under, spot, limited).highestNanoUsd).toBe(50_000_000)
  })

  it('start from an image of the architecture, with a driver where there are GPUs', async () => {
    const under = await open()
    const imageFor = (over: Parameters<typeof anInstanceType>[0]): unknown => {
      const body = launchBody(under, anOffer({ instanceType: anInstanceType(over) }))
      return typeof body === 'object' && body !== null ? Reflect.get(body, 'ImageId') : null
    }
    expect(imageFor({ architecture: 'arm64' })).toMatch(/canonical.*arm64/)
    expect(imageFor({ architecture: null })).toMatch(/canonical.*amd64/)
    expect(imageFor({ gpu: aGpu() })).toMatch(/deeplearning\/ami\/x86_64/)
    expect(imageFor({ gpu: aGpu(), architecture: 'arm64' })).toMatch(/deeplearning\/ami\/arm64/)
  })

  it('refuse accelerators that no image has a driver for', async () => {
    const under = await open()
    for (const gpu of [
      aGpu({ name: 'V100', computeCapability: [7, 0] }),
      aGpu({ name: 'Trainium2', vendor: 'aws', computeCapability: null }),
    ]) {
      const offer = anOffer({ instanceType: anInstanceType({ gpu }) })
      const answer = under.provisioner.plan(requestOf(under), offer)
      expect(answer).toMatchObject({ refusal: { class: 'forbidden', scope: 'type-region' } })
    }
  })

  it('take a disk of the size that is asked for, but none that the image does not fit on', async () => {
    const under = await open()
    const size = 'BlockDeviceMapping.1.Ebs.VolumeSize'
    const [onDemand] = awsLaunchCase.offers
    expect(launchBody(under, onDemand)).toMatchObject({ [size]: '100' })
    expect(launchBody(under, onDemand, { diskMib: 20_500 })).toMatchObject({ [size]: '21' })
    expect(launchBody(under, onDemand, { diskMib: 1024 })).toMatchObject({ [size]: '8' })
  })

  it('open a group again that a launch was cut off in the middle of', async () => {
    const under = await open()
    const isRule = (asked: { readonly text: string }): boolean =>
      asked.text.includes('Action=AuthorizeSecurityGroupIngress')
    under.fake.inject({ kind: 'lose-request' }, isRule)
    await expect(create(under)).rejects.toThrow(/./)
    await create(under)
    await create(under, 2)
    expect(under.fake.asked.filter(isRule)).toHaveLength(2)
    expect(under.fake.model.sideObjects()).toHaveLength(1)
  })

  it('move the expiry', async () => {
    const under = await open()
    const made = await create(under)
    const expiresAt = '2026-11-24T15:30:00Z'
    await under.provisioner.renew?.(under.io(), made.ref, { ...tagsOf(), expiresAt })
    expect((await observe(under, made)).tags).toEqual({ ...tagsOf(), expiresAt })
  })

  it('need keys, or a profile that has them', async () => {
    const provisioner = await awsLaunchCase.launcher.provisioner()
    expect(provisioner.readiness({}).status).toBe('missing')
    expect(provisioner.readiness({ AWS_ACCESS_KEY_ID: 'one' }).status).toBe('misconfigured')
    expect(provisioner.readiness({ AWS_PROFILE: 'work', HOME: '/home/me' }).status).toBe('ready')
  })
})
