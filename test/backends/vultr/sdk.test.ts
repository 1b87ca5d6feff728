/**
 * Vultr's own client against the fake: it knows the fields of each call, and the kind of their values,
 * and answers what the cloud answers.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '#domain/json'
import { filledIn } from '#backends/kit/container-plan'
import { firewallPlace } from '#backends/vultr/launch-bodies'
import { isRow, type Row } from '../../contract/importer-case.ts'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  tagsOf,
} from '../../contract/adapter-under-test.ts'
import { loadSdk, whyNoSdk } from '../sdk-proofs/vendor-sdk.ts'
import { vultrLaunchCase } from './vultr-launch-case.ts'

type Operations = Readonly<Record<string, (request: Row) => Promise<unknown>>>
type Client = Readonly<Record<string, Operations>>
type Initialize = (options: { readonly apiKey: string; readonly baseUrl: string }) => Client

const reason = whyNoSdk('vultr')
const bareMetal = vultrLaunchCase.offers[2] ?? vultrLaunchCase.offers[0]

let under: AdapterUnderTest
let client: Client

/** An error is its answer, not thrown. */
const ask = async (kind: string, operation: string, request: Row): Promise<unknown> => {
  const work = client[kind]?.[operation]
  if (work === undefined) throw new Error(`the SDK has no ${kind}.${operation}`)
  const answer = await work(request)
  if (answer instanceof Error) throw answer
  return answer
}

const sent = (): unknown => under.fake.asked.at(-1)?.body

const planned = (at: number, firewall = '', offer = vultrLaunchCase.offers[0]): Json =>
  filledIn(planOf(under, offer).calls.at(at)?.body ?? null, firewallPlace, firewall)

/** It leaves out what is false, which is the default. */
const withoutFalse = (body: Json): Row =>
  Object.fromEntries(Object.entries(isRow(body) ? body : {}).filter(([, value]) => value !== false))

/** What it takes as a text, though it is a number. */
const withText = (row: Row, key: string): Row => ({ ...row, [key]: String(row[key]) })

const idAt = (answer: unknown, key: string): string => {
  const row = isRow(answer) ? answer[key] : null
  return isRow(row) ? String(row['id']) : ''
}

const launch = async (): Promise<string> => {
  const group = await ask('firewall', 'createGroup', withoutFalse(planned(0)))
  expect(sent()).toEqual(planned(0))
  const groupId = idAt(group, 'firewall_group')
  const rule = withText(withoutFalse(planned(1)), 'subnet_size')
  await ask('firewall', 'createRules', { 'firewall-group-id': groupId, ...rule })
  expect(sent()).toMatchObject(rule)
  const machine = withText(withoutFalse(planned(-1, groupId)), 'os_id')
  const made = await ask('instances', 'createInstance', machine)
  expect(sent()).toEqual(machine)
  return idAt(made, 'instance')
}

const read = (id: string): Promise<unknown> =>
  ask('instances', 'getInstance', { 'instance-id': id })

describe.skipIf(reason !== null)('the SDK of Vultr', () => {
  beforeEach(async () => {
    under = await openAdapter(vultrLaunchCase)
    const { initialize } = await loadSdk('@vultr/vultr-node')
    client = (initialize as Initialize)({ apiKey: 'a-key', baseUrl: `${under.fake.url}/v2` })
  })

  afterEach(() => under.close())

  it('writes the same calls, field by field', async () => {
    const id = await launch()
    await ask('instances', 'updateInstance', { 'instance-id': id, tags: ['dso-later'] })
    expect(await read(id)).toMatchObject({ instance: { tags: ['dso-later'] } })
    const metal = withoutFalse(planned(-1, '', bareMetal))
    const made = await ask('bareMetal', 'createInstance', metal)
    expect(sent()).toEqual(metal)
    expect(made).toMatchObject({ bare_metal: { label: metal['label'], plan: metal['plan'] } })
  })

  it('reads what the fake answers of a machine, from its launch to its end', async () => {
    const id = await launch()
    expect(await read(id)).toMatchObject({ instance: { status: 'pending', main_ip: '0.0.0.0' } })
    under.clock.advance(60_000)
    expect(await read(id)).toMatchObject({
      instance: { status: 'active', power_status: 'running', region: 'ewr' },
    })
    await ask('instances', 'deleteInstance', { 'instance-id': id })
    under.clock.advance(60_000)
    await expect(read(id)).rejects.toThrow('Not Found: Invalid instance.')
    const groups = await ask('firewall', 'listGroups', {})
    const found = isRow(groups) ? groups['firewall_groups'] : []
    const [group] = Array.isArray(found) ? (found as readonly Row[]) : []
    expect(group).toMatchObject({ description: `dso-${tagsOf().owner}` })
    await ask('firewall', 'deleteGroup', { 'firewall-group-id': group?.['id'] })
    expect(under.fake.model.sideObjects()).toEqual([])
  })

  it('reads pages, and refusals as they are meant', async () => {
    for (let made = 0; made < 4; made++) under.fake.model.addForeign(`web-${made}`)
    const page = await ask('instances', 'listInstances', { tag: 'web', per_page: '3' })
    expect(page).toMatchObject({ meta: { total: 4, links: { next: '3' } } })
    const rest = await ask('instances', 'listInstances', { tag: 'web', cursor: '3' })
    expect(isRow(rest) ? rest['instances'] : null).toHaveLength(1)
    const row = vultrLaunchCase.errors.find(({ class: kind }) => kind === 'no-capacity')
    if (row === undefined) throw new Error('the table knows a lack of capacity')
    const reply = vultrLaunchCase.errorReply(row)
    under.fake.inject({ kind: 'refuse', reply }, vultrLaunchCase.isCreate)
    await expect(launch()).rejects.toThrow(row.message)
  })
})
