/** The process of `measure-import.ts`: one import, and what it took. */
import { existsSync, readFileSync } from 'node:fs'
import { aws } from '#backends/aws/backend'
import { collect } from '#backends/kit/collect'
import { endpointOf, hostsOf } from '#backends/kit/endpoint'
import { newImportIo } from '#backends/kit/io'
import { parseInstanceTypes } from '#catalog/snapshot-rows'
import { defaultBackoff, defaultHttpLimits, type HttpClient, newHttpClient } from '#platform/http'
import { systemHttpClock } from '#platform/http-time'
import { readTextFile } from '#platform/text-files'

/** Backends of great files. */
const backends = [aws]

const backend = backends.find(({ name }) => name === process.argv[2])
if (!backend) throw new Error(`no backend of great files is "${process.argv[2] ?? ''}"`)

const file = process.env['MACHINES'] ?? ''
const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
const machines = new Map(parseInstanceTypes(lines).map((type) => [type.name, type]))

let streamedBytes = 0

/** Counts what comes out of the encoding. */
const counting = (http: HttpClient): HttpClient => ({
  ...http,
  stream: (call, read) =>
    http.stream(call, (body) =>
      read(
        (async function* () {
          for await (const piece of body) {
            streamedBytes += piece.length
            yield piece
          }
        })(),
      ),
    ),
})

const http = newHttpClient({
  clock: systemHttpClock,
  limits: defaultHttpLimits,
  backoff: defaultBackoff,
  random: Math.random,
  stash: null,
})
const importer = await backend.importer()
const readiness = importer.readiness(process.env)
if (readiness.status !== 'ready') throw new Error('not ready')
const io = newImportIo({
  http: counting(http),
  endpoint: endpointOf(backend, process.env),
  hosts: hostsOf(backend, process.env),
  limit: importer.traits.limit,
  signal: new AbortController().signal,
  credentials: readiness.values,
  observation: { source: 'the test', observedAt: '2026-11-24T12:00:00Z' },
  instant: () => '2026-11-24T12:00:00Z',
  readFile: readTextFile,
  keepSecret: () => undefined,
  readings: null,
})
const { offers } = await collect(importer, io, {
  instanceType: (name) => machines.get(name) ?? null,
  rate: () => null,
})
await http.close()
const peakMib = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ peakMib, streamedBytes, offers: offers.length }))
