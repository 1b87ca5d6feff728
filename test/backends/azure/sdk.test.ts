/**
 * Microsoft's own clients against the fake: they read every answer, and write the same calls. They
 * know the fields of the API: what they do not know, they neither write nor read.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '#domain/json'
import { filled, rulesId, subnetId } from '#backends/azure/launch-bodies'
import { isRow, type Row } from '../../contract/importer-case.ts'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
} from '../../contract/adapter-under-test.ts'
import { loadSdk, whyNoSdk } from '../sdk-proofs/vendor-sdk.ts'
import { azureLaunchCase } from './azure-launch-case.ts'

interface Pipeline {
  addPolicy(policy: Row, options: Row): void
}

type Operations = Readonly<Record<string, (...given: readonly unknown[]) => unknown>>
type Kind = 'Compute' | 'Network' | 'Resource'
type Client = { readonly pipeline: Pipeline } & Readonly<Record<string, Operations>>
type NewClient = new (credential: Row, subscription: string, options?: Row) => Client

interface Sent {
  url: string
  allowInsecureConnection: boolean
}

const reason = whyNoSdk('azure')
const subscription = 'canary-azure-subscription-4c'
const group = `dso-${tagsOf().owner}`
const networkName = `${group}-eastus`
const spot = azureLaunchCase.spotOffer ?? azureLaunchCase.offers[0]

let under: AdapterUnderTest

/** Last of all, what goes to Azure goes to the fake. */
const toFake = {
  name: 'to-the-fake',
  sendRequest: (sent: Sent, next: (sent: Sent) => Promise<unknown>) => {
    sent.url = sent.url.replace('https://management.azure.com', `${under.fake.url}/management`)
    sent.allowInsecureConnection = true
    return next(sent)
  },
}

const credential = {
  getToken: async () => ({
    token: 'canary-azure-token-5b',
    expiresOnTimestamp: Date.now() + 3_600_000,
  }),
}

const clientOf = async (kind: Kind): Promise<Client> => {
  const sdk = await loadSdk(`@azure/arm-${kind === 'Resource' ? 'resources' : kind.toLowerCase()}`)
  const Kind = sdk[`${kind}ManagementClient`] as NewClient
  const client = new Kind(credential, subscription, { retryOptions: { maxRetries: 0 } })
  client.pipeline.addPolicy(toFake, { afterPhase: 'Sign' })
  return client
}

/** An operation, such as `virtualMachines.get`. */
const ask = async (
  kind: Kind,
  operation: string,
  ...given: readonly unknown[]
): Promise<unknown> => {
  const [group = '', name = ''] = operation.split('.')
  const operations = (await clientOf(kind))[group]
  const work = operations?.[name]
  if (work === undefined) throw new Error(`the SDK has no ${operation}`)
  return work.apply(operations, [...given])
}

const rowsOf = async (kind: Kind, operation: string): Promise<readonly Row[]> => {
  const rows: Row[] = []
  for await (const row of (await ask(kind, operation, group)) as AsyncIterable<Row>) rows.push(row)
  return rows
}

/** These clients leave out the level of `properties`. */
const flat = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((one: Json) => flat(one))
  if (!isRow(value)) return value
  const { properties, ...rest } = value as Readonly<Record<string, Json>>
  const inner = properties === undefined ? {} : flat(properties)
  const outer = Object.entries(rest).map(([key, one]) => [key, flat(one)])
  return { ...(Object.fromEntries(outer) as Record<string, Json>), ...Object(inner) } as Json
}

/** The last change: these clients ask at once how it fares. */
const change = () => under.fake.asked.findLast(({ method }) => method !== 'GET')
const sent = (): unknown => change()?.body

const planned = (at: number, known: Readonly<Record<string, string>> = {}): Json => {
  const request = requestOf(under, tagsOf(), { maxPriceNanoUsd: 50_000_000 })
  return filled(planOf(under, spot, request).calls[at]?.body ?? null, known)
}

const idOf = (value: unknown): string => (isRow(value) ? String(value['id']) : '')

/** The group, its rules, its network; the id of the subnet. */
const closeOff = async (): Promise<string> => {
  await ask('Resource', 'resourceGroups.createOrUpdate', group, flat(planned(0)))
  expect(sent()).toEqual(planned(0))
  await ask(
    'Network',
    'networkSecurityGroups.beginCreateOrUpdate',
    group,
    networkName,
    flat(planned(1)),
  )
  expect(sent()).toEqual(planned(1))
  under.clock.advance(60_000)
  const rulesMade = idOf(await ask('Network', 'networkSecurityGroups.get', group, networkName))
  expect(rulesMade).toMatch(/\/networkSecurityGroups\//)
  const network = planned(2, { [rulesId]: rulesMade })
  await ask('Network', 'virtualNetworks.beginCreateOrUpdate', group, networkName, flat(network))
  expect(sent()).toEqual(network)
  under.clock.advance(60_000)
  const made = await ask('Network', 'virtualNetworks.get', group, networkName)
  expect(made).toMatchObject({ subnets: [{ name: 'machines', addressPrefix: '10.0.0.0/16' }] })
  return `${idOf(made)}/subnets/machines`
}

const launch = async (subnet: string): Promise<string> => {
  const { name } = requestOf(under)
  const machine = planned(3, { [subnetId]: subnet })
  await ask('Compute', 'virtualMachines.beginCreateOrUpdate', group, name, flat(machine), {
    ifNoneMatch: '*',
  })
  expect(sent()).toEqual(machine)
  return name
}

const read = (name: string): Promise<unknown> =>
  ask('Compute', 'virtualMachines.get', group, name, { expand: 'instanceView' })

describe.skipIf(reason !== null)('the SDK of Azure', () => {
  beforeEach(async () => {
    under = await openAdapter(azureLaunchCase)
  })

  afterEach(() => under.close())

  it('writes the same calls, field by field', async () => {
    const name = await launch(await closeOff())
    expect(change()?.headers['if-none-match']).toBe('*')
    const merge = { operation: 'Merge', properties: { tags: { 'dso-expires': 'later' } } }
    const scope = `subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`
    await ask('Resource', 'tagsOperations.beginUpdateAtScope', scope, merge)
    expect(sent()).toEqual(merge)
    expect(await read(name)).toMatchObject({ tags: { 'dso-expires': 'later' } })
  })

  it('reads what the fake answers of a machine, from its launch to its end', async () => {
    const name = await launch(await closeOff())
    expect(await read(name)).toMatchObject({ name, provisioningState: 'Creating' })
    under.clock.advance(60_000)
    expect(await read(name)).toMatchObject({
      provisioningState: 'Succeeded',
      tags: { 'dso-attempt': tagsOf().attempt },
      instanceView: { statuses: [{ code: 'PowerState/running' }] },
    })
    const expand = 'ipConfigurations/publicIPAddress'
    expect(await ask('Network', 'networkInterfaces.get', group, name, { expand })).toHaveProperty(
      ['ipConfigurations', 0, 'publicIPAddress', 'ipAddress'],
      expect.stringMatching(/^203\.0\.113\./),
    )
    await ask('Compute', 'virtualMachines.beginDelete', group, name)
    expect(await read(name)).toMatchObject({ provisioningState: 'Deleting' })
    under.clock.advance(60_000)
    await expect(read(name)).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' })
    await ask('Resource', 'resourceGroups.beginDelete', group)
    under.clock.advance(60_000)
    expect(under.fake.model.sideObjects()).toEqual([])
  })

  it('reads lists to the last page, and refusals as they are meant', async () => {
    const subnet = await closeOff()
    for (let number = 1; number <= 4; number++) {
      const body = flat(planned(3, { [subnetId]: subnet }))
      await ask('Compute', 'virtualMachines.beginCreateOrUpdate', group, `dso-${number}`, body)
    }
    const names = (await rowsOf('Compute', 'virtualMachines.list')).map(({ name }) => name)
    expect(names).toEqual(['dso-1', 'dso-2', 'dso-3', 'dso-4'])
    const all = await rowsOf('Resource', 'resources.listByResourceGroup')
    expect(all).toHaveLength(6)
    expect(all[0]).toMatchObject({ type: 'Microsoft.Network/networkSecurityGroups' })
    const row = azureLaunchCase.errors.find(({ class: kind }) => kind === 'no-capacity')
    if (row === undefined) throw new Error('the table knows a lack of capacity')
    const reply = azureLaunchCase.errorReply(row)
    under.fake.inject({ kind: 'refuse', reply }, azureLaunchCase.isCreate)
    const { status: statusCode, code } = row
    await expect(launch(subnet)).rejects.toMatchObject({ statusCode, code })
  })
})
