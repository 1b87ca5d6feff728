/** The vendor's own client against the fake: it reads every answer, and writes the same calls. */
import { fetch } from 'undici'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { filled } from '#backends/oci/launch-bodies'
import type { Json } from '#domain/json'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
} from '../../contract/adapter-under-test.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { loadSdk, whyNoSdk } from '../sdk-proofs/vendor-sdk.ts'
import { account } from './oci-answers.ts'
import { ociLaunchCase, ociOffer } from './oci-launch-case.ts'

type Answer = Readonly<Record<string, unknown>>
type Client = { endpoint: string } & { readonly [operation: string]: (ask: Row) => Promise<Answer> }
type NewClient = new (options: { readonly authenticationDetailsProvider: unknown }) => Client

interface Core {
  readonly ComputeClient: NewClient
  readonly VirtualNetworkClient: NewClient
}

interface Common {
  readonly SimpleAuthenticationDetailsProvider: new (
    ...details: readonly (string | null)[]
  ) => unknown
}

const reason = whyNoSdk('oci')
const spot = ociOffer({ spot: true })

let under: AdapterUnderTest
let core: Core
let common: Common

const clientOf = (kind: keyof Core): Client => {
  const { SimpleAuthenticationDetailsProvider: Provider } = common
  const Kind = core[kind]
  const { tenancy, user, fingerprint, privateKey } = account
  const client = new Kind({
    authenticationDetailsProvider: new Provider(tenancy, user, fingerprint, privateKey, null),
  })
  client.endpoint = `${under.fake.url}/iaas/eu-paris-1`
  return client
}

const ask = async (client: Client, operation: string, request: Row): Promise<Answer> => {
  const work = client[operation]
  if (work === undefined) throw new Error(`the SDK has no ${operation}`)
  return work.call(client, request)
}

const sent = (): unknown => under.fake.asked.at(-1)?.body

const idOf = (answer: Answer, key: string): string => {
  const row = answer[key]
  return isRow(row) ? String(row['id']) : ''
}

const planned = (at: number, known: Parameters<typeof filled>[1]): Json => {
  const { calls } = planOf(under, spot, requestOf(under))
  return filled(calls[at]?.body ?? null, { compartment: account.compartment, ...known })
}

const compartmentId = account.compartment
const availabilityDomain = 'Xyzw:EU-PARIS-1-AD-1'
const displayName = `dso-${tagsOf().owner}`
const freeformTags = { 'dso-owner': tagsOf().owner }

const closeOff = async (): Promise<string> => {
  const client = clientOf('VirtualNetworkClient')
  const network = await ask(client, 'createVcn', {
    createVcnDetails: { compartmentId, displayName, freeformTags, cidrBlocks: ['10.0.0.0/16'] },
    opcRetryToken: 'network',
  })
  expect(sent()).toEqual(planned(0, {}))
  const vcnId = idOf(network, 'vcn')
  under.clock.advance(2000)
  const gateway = await ask(client, 'createInternetGateway', {
    createInternetGatewayDetails: {
      compartmentId,
      displayName,
      freeformTags,
      vcnId,
      isEnabled: true,
    },
  })
  expect(sent()).toEqual(planned(1, { network: vcnId }))
  const networkEntityId = idOf(gateway, 'internetGateway')
  const row = network['vcn']
  await ask(client, 'updateRouteTable', {
    rtId: isRow(row) ? row['defaultRouteTableId'] : '',
    updateRouteTableDetails: {
      routeRules: [{ destination: '0.0.0.0/0', destinationType: 'CIDR_BLOCK', networkEntityId }],
    },
  })
  expect(sent()).toEqual(planned(2, { gateway: networkEntityId }))
  const subnet = await ask(client, 'createSubnet', {
    createSubnetDetails: {
      compartmentId,
      displayName,
      freeformTags,
      vcnId,
      cidrBlock: '10.0.0.0/16',
      prohibitPublicIpOnVnic: false,
    },
  })
  expect(sent()).toEqual(planned(3, { network: vcnId }))
  return idOf(subnet, 'subnet')
}

const launchDetails = (subnetId: string): Row => {
  const { owner, run, attempt, expiresAt } = tagsOf()
  return {
    compartmentId,
    availabilityDomain,
    displayName: requestOf(under).name,
    freeformTags: {
      'dso-owner': owner,
      'dso-run': run,
      'dso-attempt': attempt,
      'dso-expires': expiresAt,
    },
    shape: 'VM.Standard.E4.Flex',
    shapeConfig: { ocpus: 2, memoryInGBs: 16 },
    sourceDetails: {
      sourceType: 'image',
      imageId: 'ocid1.image.ubuntu',
      bootVolumeSizeInGBs: 100,
    },
    createVnicDetails: { subnetId, assignPublicIp: true },
    instanceOptions: { areLegacyImdsEndpointsDisabled: true },
    metadata: {
      user_data: Buffer.from(requestOf(under).access?.userData ?? '').toString('base64'),
    },
    preemptibleInstanceConfig: {
      preemptionAction: { type: 'TERMINATE', preserveBootVolume: false },
    },
  }
}

/** What Node brings counts the body again where another undici is its door: the header stands twice. */
const send = async (asked: Request): Promise<unknown> => {
  const headers = [...asked.headers].filter(([name]) => name !== 'content-length')
  const body = await asked.text()
  const { url, method } = asked
  return fetch(url, { method, headers: Object.fromEntries(headers), ...(body !== '' && { body }) })
}

describe.skipIf(reason !== null)('the SDK of Oracle', () => {
  beforeEach(async () => {
    core = (await loadSdk('oci-core')) as unknown as Core
    common = (await loadSdk('oci-common')) as unknown as Common
    under = await openAdapter(ociLaunchCase)
    // It signs by the clock of this machine.
    under.clock.advance(Date.now() - under.clock.nowMs())
    vi.stubGlobal('fetch', send)
  })

  afterEach(async () => {
    vi.unstubAllGlobals()
    await under.close()
  })

  it('writes the same calls, field by field, with signatures that the fake takes', async () => {
    const subnet = await closeOff()
    const client = clientOf('ComputeClient')
    await ask(client, 'launchInstance', {
      launchInstanceDetails: launchDetails(subnet),
      opcRetryToken: 'machine',
    })
    const known = { subnet, domain: availabilityDomain, image: 'ocid1.image.ubuntu' }
    expect(sent()).toEqual(planned(4, known))
    expect(under.fake.asked.at(-1)?.headers['opc-retry-token']).toBe('machine')
  })

  it('reads what the fake answers of a machine, from its launch to its end', async () => {
    const subnet = await closeOff()
    const client = clientOf('ComputeClient')
    const details = { launchInstanceDetails: launchDetails(subnet) }
    const instanceId = idOf(await ask(client, 'launchInstance', details), 'instance')
    const read = async (): Promise<unknown> =>
      (await ask(client, 'getInstance', { instanceId }))['instance']
    expect(await read()).toMatchObject({
      lifecycleState: 'PROVISIONING',
      displayName: requestOf(under).name,
      availabilityDomain,
      compartmentId,
      freeformTags: { 'dso-attempt': tagsOf().attempt },
    })
    under.clock.advance(60_000)
    expect(await read()).toMatchObject({ lifecycleState: 'RUNNING' })
    const { items } = await ask(client, 'listVnicAttachments', { compartmentId, instanceId })
    const [attachment] = Array.isArray(items) ? (items as Row[]) : []
    expect(attachment).toMatchObject({ lifecycleState: 'ATTACHED' })
    const { vnicId } = attachment ?? {}
    const { vnic } = await ask(clientOf('VirtualNetworkClient'), 'getVnic', { vnicId })
    expect(isRow(vnic) ? vnic['publicIp'] : null).toMatch(/^203\.0\.113\./)
    await ask(client, 'terminateInstance', { instanceId, preserveBootVolume: false })
    expect(under.fake.asked.at(-1)?.query.get('preserveBootVolume')).toBe('false')
    expect(await read()).toMatchObject({ lifecycleState: 'TERMINATING' })
  })

  it('reads refusals as they are meant, and pages, images and shapes', async () => {
    const client = clientOf('ComputeClient')
    await expect(ask(client, 'getInstance', { instanceId: 'none' })).rejects.toMatchObject({
      statusCode: 404,
      serviceCode: 'NotAuthorizedOrNotFound',
    })
    const ubuntu = { operatingSystem: 'Canonical Ubuntu', operatingSystemVersion: '24.04' }
    const found = await ask(client, 'listImages', {
      compartmentId,
      ...ubuntu,
      sortBy: 'TIMECREATED',
    })
    expect(found['items']).toHaveLength(2)
    const shapes = await ask(client, 'listShapes', { compartmentId, availabilityDomain })
    expect(shapes['items']).toContainEqual(expect.objectContaining({ shape: 'VM.Standard2.2' }))
    for (let made = 0; made < 4; made++) under.fake.model.addForeign(`web-${made}`)
    const page = await ask(client, 'listInstances', { compartmentId })
    expect(page['opcNextPage']).toBe('3')
    const rest = await ask(client, 'listInstances', { compartmentId, page: '3' })
    expect(rest['items']).toHaveLength(1)
  })
})
