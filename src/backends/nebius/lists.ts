/** Nebius's lists: a page names the next by a token, and its rows are read one by one. */
import { UpstreamCredentialsError } from '#domain/errors'
import { type LooseRows, readWire } from '#backends/kit/wire'
import { digestLines } from '#platform/digest'
import { GrpcRefusedError } from '#platform/grpc-status'
import type { NebiusApi, NebiusList, RowsPage } from './api.ts'
import { decode, type MessageName } from './messages.ts'
import {
  type Advice,
  adviceRows,
  type Container,
  containerRows,
  type Platform,
  platformRows,
} from './schema.ts'

interface ListPage<Row> extends LooseRows<Row> {
  readonly index: number
  /** The same for the same rows. */
  readonly key: string
  /** True on the last page as well where tokens go in a circle. */
  readonly more: boolean
}

type ReadRows<Row> = (rows: readonly Uint8Array[]) => LooseRows<Row>

/** What cannot be decoded is null, which is no row of any shape. */
const decodedRows = (name: MessageName, rows: readonly Uint8Array[]): readonly unknown[] =>
  rows.map((bytes) => {
    try {
      return decode(name, bytes)
    } catch {
      return null
    }
  })

const readContainers: ReadRows<Container> = (rows) =>
  readWire(containerRows, decodedRows('Container', rows), 'nebius tenants and projects')

const readPlatforms: ReadRows<Platform> = (rows) =>
  readWire(platformRows, decodedRows('Platform', rows), 'nebius platforms')

const readAdvice: ReadRows<Advice> = (rows) =>
  readWire(adviceRows, decodedRows('ResourceAdvice', rows), 'nebius capacity advice')

const keyOf = (rows: readonly Uint8Array[]): string =>
  digestLines(rows.map((row) => Buffer.from(row).toString('base64')))

async function* pagesOf<Row>(
  ask: (token: string) => Promise<RowsPage>,
  read: ReadRows<Row>,
): AsyncGenerator<ListPage<Row>> {
  const seen = new Set<string>()
  for (let token = ''; !seen.has(token);) {
    const index = seen.size
    seen.add(token)
    const { rows, next } = await ask(token)
    yield { ...read(rows), index, key: keyOf(rows), more: next !== '' }
    if (next === '') return
    token = next
  }
}

export const platformPages = (
  api: NebiusApi,
  project: string,
): AsyncGenerator<ListPage<Platform>> =>
  pagesOf((token) => api.rows('platforms', project, token), readPlatforms)

export interface Whole<Row> extends LooseRows<Row> {
  readonly isWhole: boolean
}

const nothing = { rows: [], malformed: [], count: 0, isWhole: true }

const wholeOf = async <Row>(
  api: NebiusApi,
  list: NebiusList,
  parent: string,
  read: ReadRows<Row>,
): Promise<Whole<Row>> => {
  let all: Whole<Row> = nothing
  for await (const { rows, malformed, count, more } of pagesOf(
    (token) => api.rows(list, parent, token),
    read,
  )) {
    all = {
      rows: [...all.rows, ...rows],
      malformed: [...all.malformed, ...malformed],
      count: all.count + count,
      isWhole: !more,
    }
  }
  return all
}

export const containersOf = (
  api: NebiusApi,
  list: 'tenants' | 'projects',
  parent: string,
): Promise<Whole<Container>> => wholeOf(api, list, parent, readContainers)

/** What is refused for good: where the account may not read it, or the service is not there. */
const isRefused = (error: unknown): boolean =>
  error instanceof UpstreamCredentialsError ||
  (error instanceof GrpcRefusedError && ['NOT_FOUND', 'UNIMPLEMENTED'].includes(error.status))

/** Nothing where it is refused: who sees prices does not have to see capacity. */
export const adviceOf = async (api: NebiusApi, tenant: string): Promise<Whole<Advice>> => {
  try {
    return await wholeOf(api, 'advice', tenant, readAdvice)
  } catch (error) {
    if (isRefused(error)) return nothing
    throw error
  }
}
