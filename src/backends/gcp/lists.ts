/** Google's lists: a page names the next by a token, until it names none. */
import { UpstreamCredentialsError, UpstreamRefusedError } from '#domain/errors'
import { digestLines } from '#platform/digest'
import type { ImportIo } from '#backends/kit/io'
import type { Reject } from '#backends/kit/importer'
import { type LooseRows, readWire } from '#backends/kit/wire'
import type { GcpAccess } from './credentials.ts'
import {
  type AcceleratorType,
  acceleratorTypesAnswer,
  locationsAnswer,
  type MachineType,
  machineTypesAnswer,
  type Sku,
  skusAnswer,
  type TpuType,
  tpuTypesAnswer,
} from './schema.ts'

export interface Listed<Row> {
  readonly rows: readonly Row[]
  readonly malformed: readonly Reject[]
  readonly count: number
  /** False where pages went in a circle, or a part did not answer. */
  readonly isWhole: boolean
}

interface ListPage<Row> {
  readonly parts: readonly LooseRows<Row>[]
  readonly next: string | null
  readonly isWhole?: boolean
}

export const joined = <Row>(lists: readonly Listed<Row>[]): Listed<Row> => ({
  rows: lists.flatMap(({ rows }) => rows),
  malformed: lists.flatMap(({ malformed }) => malformed),
  count: lists.reduce((sum, { count }) => sum + count, 0),
  isWhole: lists.every(({ isWhole }) => isWhole),
})

const walk = async <Row>(
  ask: (query: Readonly<Record<string, string>>) => Promise<ListPage<Row>>,
): Promise<Listed<Row>> => {
  const found: Listed<Row>[] = []
  const seen = new Set<string>()
  for (let token = ''; !seen.has(token);) {
    seen.add(token)
    const { parts, next, isWhole = true } = await ask(token === '' ? {} : { pageToken: token })
    const content = digestLines([JSON.stringify(parts)])
    // A page may be empty; others do not come twice.
    if (parts.some(({ count }) => count > 0) && seen.has(content)) break
    seen.add(content)
    found.push(...parts.map((part) => ({ ...part, isWhole })))
    if (!isWhole) found.push({ rows: [], malformed: [], count: 0, isWhole })
    token = next ?? ''
    if (token === '') return joined(found)
  }
  return { ...joined(found), isWhole: false }
}

/** Google answers a key that is none as if the question were wrong, which is always the same. */
const keyRefused = (error: unknown, { priceHeaders }: GcpAccess): unknown =>
  error instanceof UpstreamRefusedError &&
  error.message.endsWith('HTTP 400') &&
  'x-goog-api-key' in priceHeaders
    ? new UpstreamCredentialsError(`Google rejects the API key: ${error.message}`, {
        hint: 'check GOOGLE_CLOUD_API_KEY or GCP_API_KEY, and that it may use the Cloud Billing API',
      })
    : error

const skusPage = async (
  io: ImportIo,
  access: GcpAccess,
  service: string,
  page: Readonly<Record<string, string>>,
): Promise<unknown> => {
  try {
    return await io.json({
      path: `/v1/services/${service}/skus`,
      query: { currencyCode: 'USD', pageSize: '5000', ...page },
      secretHeaders: access.priceHeaders,
    })
  } catch (error) {
    throw keyRefused(error, access)
  }
}

export const readSkus = (io: ImportIo, access: GcpAccess, service: string): Promise<Listed<Sku>> =>
  walk(async (page) => {
    const value = await skusPage(io, access, service, page)
    const { skus, nextPageToken } = readWire(skusAnswer, value, 'gcp price list')
    return { parts: [skus], next: nextPageToken }
  })

type Account = NonNullable<GcpAccess['account']>

const aggregated = (
  io: ImportIo,
  { project, headers: secretHeaders }: Account,
  kind: string,
  page: Readonly<Record<string, string>>,
): Promise<unknown> =>
  io.json({
    host: 'compute',
    path: `/compute/v1/projects/${encodeURIComponent(project)}/aggregated/${kind}`,
    query: { maxResults: '500', ...page },
    secretHeaders,
  })

interface Scope {
  readonly warning: { readonly code: string | null } | null
}

/** A zone without rows on a page warns of that; any other warning is a zone that does not answer. */
const isSilent = ({ warning }: Scope): boolean =>
  warning !== null && warning.code !== 'NO_RESULTS_ON_PAGE'

const listPage = <S extends Scope, Row>(
  scopes: Readonly<Record<string, S>> | null,
  rowsOf: (scope: S) => LooseRows<Row> | null,
  next: string | null,
): ListPage<Row> => {
  const all = Object.values(scopes ?? {})
  return {
    parts: all.map(rowsOf).filter((rows) => rows !== null),
    next,
    isWhole: !all.some(isSilent),
  }
}

export const readMachineTypes = (io: ImportIo, account: Account): Promise<Listed<MachineType>> =>
  walk(async (page) => {
    const value = await aggregated(io, account, 'machineTypes', page)
    const { items, nextPageToken } = readWire(machineTypesAnswer, value, 'gcp machine types')
    return listPage(items, ({ machineTypes }) => machineTypes, nextPageToken)
  })

export const readAccelerators = (
  io: ImportIo,
  account: Account,
): Promise<Listed<AcceleratorType>> =>
  walk(async (page) => {
    const value = await aggregated(io, account, 'acceleratorTypes', page)
    const { items, nextPageToken } = readWire(acceleratorTypesAnswer, value, 'gcp accelerators')
    return listPage(items, ({ acceleratorTypes }) => acceleratorTypes, nextPageToken)
  })

/** Answers nothing but errors of its own, whoever asks. */
const brokenTpuZones = new Set(['us-east1-b'])

const readTpuZones = async (io: ImportIo, account: Account): Promise<Listed<string>> => {
  const listed = await walk(async (page) => {
    const value = await io.json({
      host: 'tpu',
      path: `/v2/projects/${encodeURIComponent(account.project)}/locations`,
      query: { pageSize: '500', ...page },
      secretHeaders: account.headers,
    })
    const { locations, nextPageToken } = readWire(locationsAnswer, value, 'gcp zones of TPUs')
    const rows = (locations ?? []).map(({ locationId }) => locationId)
    return { parts: [{ rows, malformed: [], count: rows.length }], next: nextPageToken }
  })
  return { ...listed, rows: listed.rows.filter((zone) => !brokenTpuZones.has(zone)) }
}

export interface ZoneTpu extends TpuType {
  readonly zone: string
}

const readTpusOf = async (
  io: ImportIo,
  { project, headers: secretHeaders }: Account,
  zone: string,
): Promise<Listed<ZoneTpu>> => {
  const listed = await walk(async (page) => {
    const value = await io.json({
      host: 'tpu',
      path: `/v2/projects/${encodeURIComponent(project)}/locations/${zone}/acceleratorTypes`,
      query: { pageSize: '500', ...page },
      secretHeaders,
    })
    const answer = readWire(tpuTypesAnswer, value, `gcp TPUs of ${zone}`)
    const parts = answer.acceleratorTypes === null ? [] : [answer.acceleratorTypes]
    return { parts, next: answer.nextPageToken }
  })
  return { ...listed, rows: listed.rows.map((row) => ({ ...row, zone })) }
}

/** A zone that has TPUs answers now and then as if it had none: nothing is asked for twice. */
export const readTpus = async (io: ImportIo, account: Account): Promise<Listed<ZoneTpu>> => {
  const zones = await readTpuZones(io, account)
  const lists: Listed<ZoneTpu>[] = [{ rows: [], malformed: [], count: 0, isWhole: zones.isWhole }]
  for (const zone of zones.rows) {
    const first = await readTpusOf(io, account, zone)
    lists.push(first.count > 0 ? first : await readTpusOf(io, account, zone))
  }
  return joined(lists)
}
