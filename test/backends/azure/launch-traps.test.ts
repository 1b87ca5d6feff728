/** What the contract does not ask of every cloud. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Offer } from '#domain/offer'
import { MachineForeignError } from '#domain/errors'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import { create, grow, observe, untilGone } from '../../contract/adapter-acts.ts'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
  theOwner,
  verdictOf,
} from '../../contract/adapter-under-test.ts'
import { azureRefusal, rowAt } from './azure-answers.ts'
import { azureLaunchCase } from './azure-launch-case.ts'

const opened: AdapterUnderTest[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((under) => under.close()))
})

const open = async (): Promise<AdapterUnderTest> => {
  const under = await openAdapter(azureLaunchCase)
  opened.push(under)
  return under
}

const spot = azureLaunchCase.spotOffer ?? azureLaunchCase.offers[0]

const propertiesOf = (under: AdapterUnderTest, offer: Offer, over = {}) => {
  const { calls } = planOf(under, offer, requestOf(under, tagsOf(), over))
  return rowAt(calls.at(-1)?.body, 'properties')
}

const group = {
  kind: 'security-group',
  id: `dso-${theOwner}`,
  region: null,
  isShared: true,
} as const

const changes = ({ fake }: AdapterUnderTest): readonly string[] =>
  fake.asked
    .filter(({ method, path }) => method === 'PUT' && path.startsWith('/management/'))
    .map(({ path }) => path.split('/').at(-2) ?? '')

describe('launches at azure', () => {
  it('make the network of a region once, and are create-only', async () => {
    const under = await open()
    await create(under)
    await create(under, 2)
    const network = ['resourcegroups', 'networkSecurityGroups', 'virtualNetworks']
    expect(changes(under)).toEqual([...network, 'virtualMachines', 'virtualMachines'])
    const machines = under.fake.asked.filter(azureLaunchCase.isCreate)
    expect(machines.map(({ headers }) => headers['if-none-match'])).toEqual(['*', '*'])
  })

  it('take a name that is taken for the machine of the same attempt', async () => {
    const under = await open()
    const made = await create(under)
    expect(await create(under)).toEqual(made)
    expect(under.fake.model.machines()).toHaveLength(1)
  })

  it('ask for no machine where its rules could not be made', async () => {
    const under = await open()
    const json = { id: 'x', properties: { provisioningState: 'Failed' } }
    const isOfRules = ({ path }: { readonly path: string }): boolean =>
      path.includes('/networkSecurityGroups/')
    under.fake.inject({ kind: 'refuse', reply: { json } }, isOfRules)
    const verdict = await verdictOf(under, create(under), 'create')
    expect(verdict).toMatchObject({ class: 'transient', scope: 'region' })
    expect(under.fake.asked.some(azureLaunchCase.isCreate)).toBe(false)
  })

  it('wait for rules and network as long as they are told to', async () => {
    const under = await open()
    await create(under)
    expect(under.clock.slept).toEqual([3000, 3000])
  })

  it('let nothing in but SSH, not even from the next machine', async () => {
    const under = await open()
    const rules = planOf(under).calls[1]?.body
    const told = [0, 1].map((at) => rowAt(rules, 'properties', 'securityRules', at, 'properties'))
    expect(told.map(({ access, destinationPortRange: port }) => [access, port])).toEqual([
      ['Allow', '22'],
      ['Deny', '*'],
    ])
  })

  it('give Azure the limit of a spot machine, rounded down, and -1 where there is none', async () => {
    const under = await open()
    expect(propertiesOf(under, spot, { maxPriceNanoUsd: 50_019_999 })).toMatchObject({
      priority: 'Spot',
      evictionPolicy: 'Delete',
      billingProfile: { maxPrice: 0.05001 },
    })
    expect(propertiesOf(under, spot)).toMatchObject({ billingProfile: { maxPrice: -1 } })
    expect(planOf(under, spot).highestNanoUsd).toBeNull()
    const limited = requestOf(under, tagsOf(), { maxPriceNanoUsd: 50_000_000 })
    expect(planOf(under, spot, limited).highestNanoUsd).toBe(50_000_000)
    expect(propertiesOf(under, azureLaunchCase.offers[0])).not.toHaveProperty('priority')
  })

  it('start from an image with a driver where there are accelerators, or not at all', async () => {
    const under = await open()
    const skuFor = (over: Parameters<typeof anInstanceType>[0]): unknown => {
      const offer = anOffer({ instanceType: anInstanceType(over) })
      return rowAt(propertiesOf(under, offer), 'storageProfile', 'imageReference')['sku']
    }
    expect(skuFor({ architecture: null })).toBe('server')
    expect(skuFor({ architecture: 'arm64' })).toBe('server-arm64')
    expect(skuFor({ gpu: aGpu() })).toBe('2204')
    expect(skuFor({ gpu: aGpu({ name: 'MI300X', vendor: 'amd' }) })).toBe('2204-rocm')
    for (const over of [{ name: 'Standard_NV36ads_A10_v5' }, { architecture: 'arm64' } as const]) {
      const instanceType = anInstanceType({ gpu: aGpu(), ...over })
      const answer = under.provisioner.plan(requestOf(under), anOffer({ instanceType }))
      expect(answer).toMatchObject({ refusal: { class: 'forbidden', scope: 'type-region' } })
    }
  })

  it('tell why a machine that was promised did not come', async () => {
    const under = await open()
    under.fake.model.failNextLater?.()
    const made = await create(under)
    grow(under)
    const seen = await observe(under, made)
    expect(seen.phase).toBe('failed')
    expect(seen.cause).toMatchObject({
      class: 'no-capacity',
      scope: 'type-region',
      code: 'AllocationFailed',
    })
  })

  it('take an application that is not known for bad credentials', async () => {
    const under = await open()
    const reply = { status: 401, json: { error: 'invalid_client', error_description: 'no' } }
    under.fake.inject({ kind: 'refuse', reply }, ({ path }) => path.startsWith('/login/'))
    const verdict = await verdictOf(under, create(under), 'create')
    expect(verdict).toMatchObject({ class: 'auth', code: 'invalid_client' })
  })

  it('keep the group while a machine is in it, and remove it with all that is left', async () => {
    const under = await open()
    const { provisioner, fake, clock } = under
    const made = await create(under)
    expect(await provisioner.destroySideObject(under.io(), group)).toBe('going')
    expect(fake.asked.filter(({ method }) => method === 'DELETE')).toEqual([])
    await untilGone(under, made)
    expect(await provisioner.destroySideObject(under.io(), group)).toBe('going')
    clock.advance(60_000)
    expect(await provisioner.destroySideObject(under.io(), group)).toBe('gone')
  })

  it('leave a group alone that holds something of somebody else, or is not ours', async () => {
    const under = await open()
    await create(under)
    const answers = [
      { value: [{ name: 'web-1', type: 'Microsoft.Storage/storageAccounts' }] },
      { id: 'x', tags: { team: 'web' }, properties: { provisioningState: 'Succeeded' } },
    ]
    for (const [json, end] of [
      [answers[0], '/resources'],
      [answers[1], group.id],
    ] as const) {
      const ends = ({ path }: { readonly path: string }): boolean => path.endsWith(end)
      under.fake.inject({ kind: 'refuse', reply: { json } }, ends)
      const work = under.provisioner.destroySideObject(under.io(), group)
      await expect(work).rejects.toThrow(MachineForeignError)
    }
    expect(under.fake.asked.filter(({ method }) => method === 'DELETE')).toEqual([])
  })

  it('wait where the group is still being removed', async () => {
    const under = await open()
    const reply = azureRefusal(409, 'ResourceGroupBeingDeleted', 'in deprovisioning state')
    under.fake.inject({ kind: 'refuse', reply }, ({ method }) => method === 'PUT')
    expect((await verdictOf(under, create(under), 'create')).class).toBe('transient')
  })

  it('move the expiry, and leave other tags as they are', async () => {
    const under = await open()
    const made = await create(under)
    const tags = { ...tagsOf(), expiresAt: '2026-11-24T16:00:00Z' }
    await under.provisioner.renew?.(under.io(), made.ref, tags)
    expect((await observe(under, made)).tags).toEqual(tags)
  })

  it('need all four of the credentials', async () => {
    const provisioner = await azureLaunchCase.launcher.provisioner()
    expect(provisioner.readiness({}).status).toBe('missing')
    expect(provisioner.readiness({ AZURE_TENANT_ID: 'one' }).status).toBe('misconfigured')
    expect(provisioner.readiness(azureLaunchCase.environment).status).toBe('ready')
  })
})
