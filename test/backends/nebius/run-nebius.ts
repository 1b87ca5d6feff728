/** Runs the importer against a fake Nebius, with a clock that sleeps in no time. */
import { generateKeyPairSync } from 'node:crypto'
import { collect, type Collected } from '#backends/kit/collect'
import { endpointOf, endpointVariable, hostsOf } from '#backends/kit/endpoint'
import type { ImportPage, Importer } from '#backends/kit/importer'
import { newImportIo } from '#backends/kit/io'
import { nebius } from '#backends/nebius/backend'
import { newNebiusImporter } from '#backends/nebius/importer'
import { newGrpcClient } from '#platform/grpc'
import { defaultBackoff, defaultHttpLimits, newHttpClient } from '#platform/http'
import { noTables } from '../../contract/run-importer.ts'
import { newTestClock, type TestClock } from '../../contract/test-clock.ts'
import { type Asked, type FakeNebius, type Reply, startNebius } from './fake-nebius.ts'
import { answerOf, goodWorld, type World } from './world.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const publicKey = pair.publicKey
export const privateKeyPem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export const keyEnvironment = {
  NEBIUS_SERVICE_ACCOUNT_ID: 'serviceaccount-canary-31',
  NEBIUS_PUBLIC_KEY_ID: 'publickey-canary-32',
  NEBIUS_PRIVATE_KEY: privateKeyPem.replaceAll('\n', String.raw`\n`),
}

interface NebiusRun {
  readonly collected: Collected
  readonly pages: readonly ImportPage[]
  readonly importer: Importer
  readonly server: FakeNebius
  readonly clock: TestClock
}

interface RunOptions {
  readonly world?: World
  readonly respond?: (asked: Asked, good: () => Reply) => Reply
  readonly signal?: AbortSignal
  readonly environment?: Readonly<Record<string, string>>
  readonly deadlineMs?: number
  readonly files?: Readonly<Record<string, string>>
}

export const runNebius = async ({
  world = goodWorld,
  respond = (_asked, good) => good(),
  signal = new AbortController().signal,
  environment = keyEnvironment,
  deadlineMs = 5000,
  files = {},
}: RunOptions = {}): Promise<NebiusRun> => {
  const clock = newTestClock()
  const server = await startNebius((asked) => respond(asked, () => answerOf(world, asked)))
  const http = newHttpClient({
    clock,
    limits: defaultHttpLimits,
    backoff: defaultBackoff,
    random: () => 0,
    stash: null,
  })
  const importer = newNebiusImporter(() =>
    newGrpcClient({ clock, backoff: defaultBackoff, random: () => 0, deadlineMs }),
  )
  try {
    const all = { [endpointVariable('nebius')]: server.url, ...environment }
    const readiness = importer.readiness(all)
    if (readiness.status !== 'ready') throw new Error(`not ready: ${readiness.names.join()}`)
    const io = newImportIo({
      http,
      endpoint: endpointOf(nebius, all),
      hosts: hostsOf(nebius, all),
      limit: importer.traits.limit,
      signal,
      credentials: readiness.values,
      observation: { source: 'the test', observedAt: '2026-11-24T12:00:00Z' },
      instant: () => '2026-11-24T12:00:00Z',
      readFile: (path) => files[path] ?? null,
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
      toOffers: (page, tables) => importer.toOffers(page as never, tables),
    }
    const collected = await collect(recording, io, noTables)
    return { collected, pages, importer: recording, server, clock }
  } finally {
    await http.close()
    server.close()
  }
}
