/** Lists of objects, page by page, and watches of them. */
import type { FakeReply } from '../../../contract/fake-cloud.ts'
import { type Kept, kinds, type Place } from './objects.ts'
import { isSelected } from './selectors.ts'
import type { Shelf } from './shelf.ts'
import { expired } from './statuses.ts'

const orderOf = ({ metadata: { namespace, name } }: Kept): string => `${namespace ?? ''}/${name}`

const tokenOf = (version: number, last: Kept): string =>
  Buffer.from(
    JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: `${orderOf(last)}\0` }),
  ).toString('base64url')

interface Token {
  readonly rv: number
  readonly start: string
}

const readToken = (text: string): Token =>
  JSON.parse(Buffer.from(text, 'base64url').toString()) as Token

/** In lists, a single object does not say what it is. */
const inList = ({ kind: _kind, apiVersion: _apiVersion, ...rest }: Kept): object => rest

export const listReply = (resource: string, version: number, items: readonly Kept[]): object => ({
  kind: `${kinds[resource] ?? ''}List`,
  apiVersion: 'v1',
  metadata: { resourceVersion: String(version) },
  items: items.map(inList),
})

/** Versions below `compacted` are gone: what has begun with one of them cannot be gone on with. */
export const pageOf = (
  shelf: Shelf,
  place: Place,
  query: URLSearchParams,
  compacted: number,
): FakeReply => {
  const text = query.get('continue') ?? ''
  const token = text === '' ? null : readToken(text)
  const all = shelf.all(place).filter((object) => isSelected(object, query))
  const rest = all.filter((object) => token === null || orderOf(object) >= token.start)
  if (token !== null && token.rv >= 0 && token.rv < compacted) {
    const fresh = JSON.stringify({ v: 'meta.k8s.io/v1', rv: -1, start: token.start })
    return expired(Buffer.from(fresh).toString('base64url'))
  }
  const items = rest.slice(0, Number(query.get('limit') ?? '0') || rest.length)
  const last = items.at(-1)
  const left = rest.length - items.length
  const list = listReply(place.resource, shelf.version, items)
  if (last === undefined || left === 0) return { json: list }
  const isWhole = !query.has('labelSelector') && !query.has('fieldSelector')
  return {
    json: {
      ...list,
      metadata: {
        resourceVersion: String(shelf.version),
        continue: tokenOf(shelf.version, last),
        // How many are left is known only where none was left out.
        ...(isWhole && { remainingItemCount: left }),
      },
    },
  }
}

/** What has happened since a version. It ends there, rather than wait for its time to be over. */
export const watchReply = (shelf: Shelf, place: Place, query: URLSearchParams): FakeReply => {
  const since = Number(query.get('resourceVersion') ?? '0')
  const events = shelf.changes
    .filter(({ resource, namespace, version }) => {
      const isHere = place.namespace === null || namespace === place.namespace
      return resource === place.resource && isHere && version > since
    })
    .filter(({ object }) => isSelected(object, query))
  const last = events.at(-1)?.version ?? since
  const bookmark = {
    type: 'BOOKMARK',
    object: {
      kind: kinds[place.resource],
      apiVersion: 'v1',
      metadata: { resourceVersion: String(last), creationTimestamp: null },
      spec: { containers: null },
      status: {},
    },
  }
  const lines = [
    ...events.map(({ type, object }) => ({ type, object })),
    ...(query.get('allowWatchBookmarks') === 'true' ? [bookmark] : []),
  ]
  return {
    headers: { 'content-type': 'application/json' },
    text: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  }
}
