/**
 * Google's own client against the fake: it reads every answer, and writes the same calls. It knows the
 * fields of the API: what it does not know, it neither writes nor reads.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRow, type Row } from '../../contract/importer-case.ts'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
} from '../../contract/adapter-under-test.ts'
import { answerAs, loadSdk, whyNoSdk, withoutEmpty } from '../sdk-proofs/vendor-sdk.ts'
import { gcpLaunchCase } from './gcp-launch-case.ts'

type Answer = readonly [Row & { readonly latestResponse?: Row }]

interface Client {
  aggregatedListAsync(request: Row): AsyncIterable<readonly [string, Row]>
  close(): Promise<void>
}

type Work = (request: Row) => Promise<Answer>
type NewClient = new (options: Row) => Client
type NewAuth = new () => { setCredentials(credentials: Row): void }

const reason = whyNoSdk('gcp')
const project = 'a-project'
const region = 'us-central1'
const zone = 'us-central1-b'

/** gRPC's number for it, which this client puts in the place of 404. */
const notFound = 5
const spot = gcpLaunchCase.spotOffer ?? gcpLaunchCase.offers[0]

let under: AdapterUnderTest
let sdk: Readonly<Record<string, unknown>> = {}
let authClient: unknown
const clients: Client[] = []

const clientOf = (kind: string): Client => {
  const Kind = sdk[kind] as NewClient
  const { hostname, port } = new URL(under.fake.url)
  const address = { protocol: 'http', apiEndpoint: hostname, port: Number(port) }
  const client = new Kind({ ...address, fallback: true, projectId: project, authClient })
  clients.push(client)
  return client
}

const ask = async (kind: string, operation: string, request: Row): Promise<Row> => {
  const client = clientOf(kind)
  const work = Reflect.get(client, operation) as Work
  const [answer] = await work.call(client, { project, ...request })
  return answer.latestResponse ?? answer
}

const sent = (): unknown => withoutEmpty(under.fake.asked.at(-1)?.body)

const planned = (at: number): Row => {
  const body = planOf(under, spot).calls[at]?.body
  return isRow(body) ? body : {}
}

const launch = async (): Promise<Row> => {
  const body = planned(1)
  const operation = await ask('RegionInstancesClient', 'bulkInsert', {
    region,
    requestId: '5d0d1f5b-0000-4000-8000-000000000001',
    bulkInsertInstanceResourceResource: body,
  })
  expect(sent()).toEqual(withoutEmpty(body))
  expect(under.fake.asked.at(-1)?.body).toHaveProperty(
    ['perInstanceProperties', requestOf(under).name],
    {},
  )
  return operation
}

const instance = (): string => requestOf(under).name

const read = (): Promise<Row> => ask('InstancesClient', 'get', { zone, instance: instance() })

describe.skipIf(reason !== null)('the SDK of Google', () => {
  beforeEach(async () => {
    sdk = await loadSdk('@google-cloud/compute')
    const { OAuth2Client } = await loadSdk('google-auth-library')
    const auth = new (OAuth2Client as NewAuth)()
    auth.setCredentials({ access_token: 'canary-gcp-token-93' })
    authClient = auth
    under = await openAdapter(gcpLaunchCase)
    answerAs(under, 'compute')
  })

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()))
    await under.close()
  })

  it('writes the same calls, field by field', async () => {
    await ask('FirewallsClient', 'insert', { firewallResource: planned(0) })
    expect(sent()).toEqual(withoutEmpty(planned(0)))
    await launch()
    const { labels, labelFingerprint } = await read()
    const expiresAt = '2026-11-24t16-00-00z'
    const renewed = { ...(isRow(labels) ? labels : {}), 'dso-expires': expiresAt }
    const change = { labelFingerprint, labels: renewed }
    await ask('InstancesClient', 'setLabels', {
      zone,
      instance: instance(),
      instancesSetLabelsRequestResource: change,
    })
    expect((await read())['labels']).toHaveProperty('dso-expires', expiresAt)
  })

  it('reads what the fake answers of a machine, from its launch to its end', async () => {
    const operation = await launch()
    expect(operation).toMatchObject({ status: 'RUNNING', operationType: 'bulkInsert' })
    under.clock.advance(4000)
    const done = await ask('RegionOperationsClient', 'get', {
      region,
      operation: operation['name'],
    })
    expect(done).toMatchObject({ status: 'DONE', progress: 100 })
    expect(done).toHaveProperty(
      ['instancesBulkInsertOperationMetadata', 'perLocationStatus', `zones/${zone}`],
      expect.objectContaining({ createdVmCount: 1, targetVmCount: 1 }),
    )
    expect(await read()).toMatchObject({ status: 'STAGING', name: instance() })
    under.clock.advance(60_000)
    const running = await read()
    expect(running).toMatchObject({
      status: 'RUNNING',
      labels: { 'dso-owner': tagsOf().owner },
      networkInterfaces: [{ accessConfigs: [{ type: 'ONE_TO_ONE_NAT' }] }],
    })
    expect(running).toHaveProperty(
      ['networkInterfaces', 0, 'accessConfigs', 0, 'natIP'],
      expect.stringMatching(/^203\.0\.113\./),
    )
    await ask('InstancesClient', 'delete', { zone, instance: instance() })
    expect(await read()).toMatchObject({ status: 'STOPPING' })
  })

  it('reads why a machine did not come', async () => {
    under.fake.model.failNextLater?.()
    const { name: operation } = await launch()
    under.clock.advance(4000)
    expect(await ask('RegionOperationsClient', 'get', { region, operation })).toMatchObject({
      error: { errors: [{ code: 'ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS' }] },
    })
  })

  it('reads lists to the last page, and refusals as they are meant', async () => {
    const { owner } = tagsOf()
    for (let attempt = 1; attempt <= 4; attempt++) {
      const request = requestOf(under, tagsOf(attempt))
      const body = planOf(under, spot, request).calls[1]?.body
      await ask('RegionInstancesClient', 'bulkInsert', {
        region,
        bulkInsertInstanceResourceResource: body,
      })
    }
    const filter = `labels.dso-owner=${owner}`
    const names: unknown[] = []
    const scopes = new Set<string>()
    for await (const [scope, { instances }] of clientOf('InstancesClient').aggregatedListAsync({
      project,
      filter,
    })) {
      const rows = Array.isArray(instances) ? (instances as readonly Row[]) : []
      if (rows.length > 0) scopes.add(scope)
      names.push(...rows.map(({ name }) => name))
    }
    expect(names).toHaveLength(4)
    expect([...scopes]).toEqual([`zones/${zone}`])
    await expect(ask('InstancesClient', 'get', { zone, instance: 'none' })).rejects.toMatchObject({
      code: notFound,
      message: 'The resource was not found',
    })
  })
})
