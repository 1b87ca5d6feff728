/**
 * DigitalOcean's own client against the fake: it reads every answer, and writes the same calls. It
 * knows the fields of the API, and puts what it does not know aside.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { type AdapterUnderTest, openAdapter, planOf } from '../../contract/adapter-under-test.ts'
import { loadSdk, whyNoSdk } from '../sdk-proofs/vendor-sdk.ts'
import { digitaloceanLaunchCase } from './digitalocean-launch-case.ts'

interface Builder {
  post(body: Row): Promise<Row>
  get(options?: { readonly queryParameters: Row }): Promise<Row>
  delete(): Promise<unknown>
}

interface V2 {
  readonly tags: Builder & {
    byTag_id(tag: string): { readonly resources: { post(body: Row): Promise<unknown> } }
  }
  readonly firewalls: Builder & { byFirewall_id(id: string): Builder }
  readonly droplets: Builder & { byDroplet_id(id: number): Builder }
}

interface Sdk {
  createDigitalOceanClient(adapter: unknown): { readonly v2: V2 }
  readonly DigitalOceanApiKeyAuthenticationProvider: new (token: string) => unknown
}

type NewAdapter = new (authentication: unknown) => { baseUrl: string }

const reason = whyNoSdk('digitalocean')

let under: AdapterUnderTest
let v2: V2

/** `user_data` is `userData` to this client. */
const inItsNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inItsNames)
  if (!isRow(value)) return value
  const named = (key: string): string =>
    key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [named(key), inItsNames(one)]),
  )
}

const sent = (): unknown => under.fake.asked.at(-1)?.body

const planned = (at: number): Row => {
  const body = planOf(under).calls[at]?.body
  return isRow(body) ? body : {}
}

const make = async (builder: Builder, at: number): Promise<Row> => {
  const body = planned(at)
  const answer = await builder.post(inItsNames(body) as Row)
  expect(sent()).toEqual(body)
  return answer
}

/** The tag, the firewall, the droplet; its id. */
const launch = async (): Promise<number> => {
  await make(v2.tags, 0)
  await make(v2.firewalls, 1)
  const { droplet } = await make(v2.droplets, 2)
  return isRow(droplet) ? Number(droplet['id']) : 0
}

const read = async (id: number): Promise<unknown> =>
  (await v2.droplets.byDroplet_id(id).get())['droplet']

describe.skipIf(reason !== null)('the SDK of DigitalOcean', () => {
  beforeEach(async () => {
    under = await openAdapter(digitaloceanLaunchCase)
    const sdk = (await loadSdk('@digitalocean/dots')) as unknown as Sdk
    const http = await loadSdk('@microsoft/kiota-http-fetchlibrary')
    const Adapter = http['FetchRequestAdapter'] as NewAdapter
    const adapter = new Adapter(new sdk.DigitalOceanApiKeyAuthenticationProvider('a-token'))
    const client = sdk.createDigitalOceanClient(adapter)
    adapter.baseUrl = under.fake.url
    v2 = client.v2
  })

  afterEach(() => under.close())

  it('writes the same calls, field by field', async () => {
    const id = await launch()
    const tag = 'dso-expires-later'
    await v2.tags.post({ name: tag })
    const resource = { resourceId: String(id), resourceType: 'droplet' }
    await v2.tags.byTag_id(tag).resources.post({ resources: [resource] })
    expect(await read(id)).toMatchObject({ tags: expect.arrayContaining([tag]) as unknown })
  })

  it('reads what the fake answers of a machine, from its launch to its end', async () => {
    const id = await launch()
    const { tags, name } = planned(2)
    expect(await read(id)).toMatchObject({ id, name, tags, status: 'new' })
    under.clock.advance(60_000)
    const running = await read(id)
    expect(running).toMatchObject({
      status: 'active',
      region: { slug: 'ams3' },
      networks: { v4: [{ type: 'public' }] },
    })
    expect(running).toHaveProperty(
      ['networks', 'v4', 0, 'ipAddress'],
      expect.stringMatching(/^203\.0\.113\./),
    )
    // What it did not know, it would have put there.
    expect(running).not.toHaveProperty('additionalData')
    await v2.droplets.byDroplet_id(id).delete()
    under.clock.advance(60_000)
    await expect(read(id)).rejects.toMatchObject({ responseStatusCode: 404, id: 'not_found' })
    const { firewalls } = await v2.firewalls.get()
    const [firewall] = Array.isArray(firewalls) ? (firewalls as readonly Row[]) : []
    await v2.firewalls.byFirewall_id(String(firewall?.['id'])).delete()
    expect(under.fake.model.sideObjects()).toEqual([])
  })

  it('reads pages, and refusals as they are meant', async () => {
    for (let made = 0; made < 4; made++) await make(v2.droplets, 2)
    const { name: tagName } = planned(0)
    const pageOf = (page: number): Promise<Row> =>
      v2.droplets.get({ queryParameters: { tagName, page } })
    const first = await pageOf(1)
    expect(first['droplets']).toHaveLength(3)
    // Which kind of links these are it cannot tell, and so keeps them as they came.
    const next = expect.stringMatching(/page=2/) as unknown
    const links = { pages: { additionalData: { next } } }
    expect(first).toMatchObject({ meta: { total: 4 }, links })
    expect((await pageOf(2))['droplets']).toHaveLength(1)
    const row = digitaloceanLaunchCase.errors.find(({ class: kind }) => kind === 'no-capacity')
    if (row === undefined) throw new Error('the table knows a lack of capacity')
    const reply = digitaloceanLaunchCase.errorReply(row)
    under.fake.inject({ kind: 'refuse', reply }, digitaloceanLaunchCase.isCreate)
    await expect(make(v2.droplets, 2)).rejects.toMatchObject({
      responseStatusCode: row.status,
      id: row.code,
      messageEscaped: row.message,
    })
  })
})
