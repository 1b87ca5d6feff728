/** Runs an importer of a case against a scripted server. */
import { collect, type Collected } from '#backends/kit/collect'
import { endpointOf, endpointVariable, hostsOf } from '#backends/kit/endpoint'
import type { ImportPage, Importer, ImportTables } from '#backends/kit/importer'
import { newImportIo } from '#backends/kit/io'
import { defaultBackoff, defaultHttpLimits, newHttpClient } from '#platform/http'
import { readTextFile } from '#platform/text-files'
import type { ImporterCase } from './importer-case.ts'
import { type Asked, type Reply, type ScriptedServer, startServer } from './scripted-server.ts'
import { newTestClock, type TestClock } from './test-clock.ts'

/** No machines; a euro is worth a dollar and a quarter. */
export const noTables: ImportTables = {
  instanceType: () => null,
  rate: (currency) =>
    currency === 'EUR' ? { usd: '1.25', day: '2026-11-24', source: 'the test' } : null,
}

/** The good world as replies; 404 for what it does not know. */
export const goodReply = (one: ImporterCase, asked: Asked): Reply => {
  const answer = one.world(asked)
  return answer === undefined
    ? { status: 404, body: '{"error":"no such thing"}' }
    : wire(one, answer, asked)
}

/** An answer as it goes over the wire. */
export const wire = (one: ImporterCase, answer: unknown, asked: Asked): Reply =>
  one.reply?.(answer, asked) ?? { body: JSON.stringify(answer) }

export interface Run {
  readonly collected: Collected
  readonly pages: readonly ImportPage[]
  readonly importer: Importer
  readonly server: ScriptedServer
  readonly clock: TestClock
}

export const runImporter = async (
  one: ImporterCase,
  respond: (asked: Asked, good: () => Reply) => Reply = (_asked, good) => good(),
  signal: AbortSignal = new AbortController().signal,
): Promise<Run> => {
  const clock = newTestClock()
  const server = await startServer(
    (asked) => respond(asked, () => goodReply(one, asked)),
    () => clock.nowMs(),
  )
  const http = newHttpClient({
    clock,
    limits: defaultHttpLimits,
    backoff: defaultBackoff,
    random: () => 0,
    stash: null,
  })
  try {
    const importer = await one.backend.importer()
    const environment = { ...one.credentials, [endpointVariable(one.backend.name)]: server.url }
    const readiness = importer.readiness(environment)
    if (readiness.status !== 'ready') throw new Error(`not ready: ${readiness.names.join()}`)
    const io = newImportIo({
      http,
      endpoint: endpointOf(one.backend, environment),
      hosts: hostsOf(one.backend, environment),
      limit: importer.traits.limit,
      signal,
      credentials: readiness.values,
      observation: { source: 'the test', observedAt: '2026-11-24T12:00:00Z' },
      instant: () => '2026-11-24T12:00:00Z',
      readFile: readTextFile,
      keepSecret: () => undefined,
      readings: null,
    })
    const pages: ImportPage[] = []
    const recording: Importer = {
      ...importer,
      async *fetch(given) {
        for await (const page of importer.fetch(given)) {
          pages.push(page)
          yield page
        }
      },
    }
    const collected = await collect(recording, io, one.tables ?? noTables)
    return { collected, pages, importer, server, clock }
  } finally {
    await http.close()
    await server.close()
  }
}
