/**
 * The cluster in memory, asked all that a real API server was asked, in the same order: it answers
 * the same, but for what no two clusters have alike.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeCluster } from './fake-cluster.ts'
import { type Recording, recordings } from './recorded.ts'

/**
 * Fields that are given out by chance or by counting. Each value of the recording must stand for
 * one value of the fake, and no two for the same: what was one object, or one version, still is.
 */
const volatile: ReadonlySet<string> = new Set([
  // A random identity of each object.
  'uid',
  // Counted in etcd, where addresses, ports and events that we do not keep take numbers too.
  'resourceVersion',
  // The next free ones of a range.
  'clusterIP',
  'nodePort',
  // Holds a resourceVersion.
  'continue',
])

/** Instants are no chance: the fake's clock stands where the recorder's stood. */
const instants: Readonly<Record<string, string>> = {
  'delete pod gracefully': '2026-11-23T11:53:17Z',
  'delete namespace': '2026-11-23T11:53:21Z',
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

describe('the cluster in memory, held to a recorded one', () => {
  let now = '2026-11-23T11:51:55Z'
  const cluster = new FakeCluster(() => now)
  let url = ''
  const told = new Map<string, string | number>()

  beforeAll(async () => {
    // It is made by the recording itself.
    cluster.model.shelf.remove(
      { resource: 'namespaces', namespace: null },
      { kind: '', apiVersion: '', metadata: { name: 'dstack', uid: '', creationTimestamp: '' } },
    )
    url = await cluster.start()
    now = '2026-11-23T11:53:16Z'
  })
  afterAll(() => cluster.stop())

  const meant = (key: string, recorded: string | number, answered: unknown): unknown => {
    const of = `${key} ${recorded}`
    if (told.has(of)) return told.get(of)
    const isTaken = [...told].some(
      ([one, value]) => one.startsWith(`${key} `) && value === answered,
    )
    const isKind = typeof answered === 'string' || typeof answered === 'number'
    if (!isKind || typeof answered !== typeof recorded || isTaken) return recorded
    told.set(of, answered)
    return answered
  }

  /** The recorded answer with the fake's own values in its volatile fields. */
  const expected = (recorded: unknown, answered: unknown, key = ''): unknown => {
    if (Array.isArray(recorded)) {
      const others: readonly unknown[] = Array.isArray(answered) ? answered : []
      const itemKey = key === 'clusterIPs' ? 'clusterIP' : ''
      return recorded.map((one, index) => expected(one, others[index], itemKey))
    }
    if (typeof recorded === 'object' && recorded !== null) {
      const other = typeof answered === 'object' && answered !== null ? answered : {}
      return Object.fromEntries(
        Object.entries(recorded).map(([name, value]) => [
          name,
          expected(value, Reflect.get(other, name), name),
        ]),
      )
    }
    if (typeof recorded !== 'string' && typeof recorded !== 'number') return recorded
    if (volatile.has(key)) return meant(key, recorded, answered)
    if (typeof recorded === 'number') return recorded
    return recorded.replaceAll(uuid, (one) => String(told.get(`uid ${one}`) ?? one))
  }

  const ask = ({ request }: Recording): Promise<Response> => {
    const path = request.path.replace(/(?<=resourceVersion=)\d+/, (version) =>
      String(told.get(`resourceVersion ${version}`) ?? version),
    )
    const { contentType, body, token, method } = request
    return fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token !== 'none' && { authorization: `Bearer ${token}` }),
        ...(contentType !== undefined && { 'content-type': contentType }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  const bodyOf = (text: string, recorded: unknown): unknown => {
    if (typeof recorded === 'string') return text
    return Array.isArray(recorded)
      ? text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]))
      : (JSON.parse(text) as unknown)
  }

  /** Bookmarks come by the clock, as often as there is time for: each is compared once. */
  const withoutRepeats = (body: unknown): unknown => {
    if (!Array.isArray(body)) return body
    const texts = body.map((one) => JSON.stringify(one))
    return body.filter((_, index) => texts[index] !== texts[index - 1])
  }

  it('is asked everything that was recorded', () => {
    expect(recordings).toHaveLength(52)
  })

  it.each(recordings.map((recording) => [recording.name, recording] as const))(
    'answers as recorded: %s',
    async (name, recording) => {
      now = instants[name] ?? now
      const { status, headers, body } = recording.response
      const answer = await ask(recording)
      const answered = bodyOf(await answer.text(), body)
      expect(answered).toEqual(expected(withoutRepeats(body), answered))
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toBe(headers['content-type'] ?? null)
    },
  )
})
