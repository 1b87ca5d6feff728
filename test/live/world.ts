/** Markets on 127.0.0.1, a catalog with older rows of them, and a home of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endpointVariable } from '#backends/kit/endpoint'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackends } from '#catalog/replace'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { type Catalog, openCatalog } from '#offers/catalog'
import { cloudriftCase } from '../backends/cloudrift/cloudrift-case.ts'
import { runpodCase } from '../backends/runpod/runpod-case.ts'
import { vastaiCase } from '../backends/vastai/vastai-case.ts'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'
import { goodReply } from '../contract/run-importer.ts'
import { type Reply, type ScriptedServer, startServer } from '../contract/scripted-server.ts'

const cases = { vastai: vastaiCase, cloudrift: cloudriftCase, runpod: runpodCase }
type Market = keyof typeof cases

export interface World {
  readonly environment: Record<string, string>
  readonly servers: Readonly<Record<Market, ScriptedServer>>
  /** What a market does instead of answering well. */
  readonly script: Partial<Record<Market, Reply>>
  open(): Catalog
  end(): Promise<void>
}

const oldRow = (backend: string, gpuCount: number): Offer =>
  anOffer({
    backend,
    region: 'old',
    instanceType: anInstanceType({ name: `old-${gpuCount}`, gpu: aGpu(), gpuCount }),
    observation: { source: 'an old list', observedAt: '2026-01-01T00:00:00Z' },
  })

/** So many accelerators of any kind. */
export const gpus = (min: number | null, max: number | null): Requirements =>
  someRequirements({
    gpu: {
      vendors: null,
      names: null,
      memoryMib: null,
      totalMemoryMib: null,
      computeCapability: null,
      count: { min, max },
    },
  })

export const newWorld = async (): Promise<World> => {
  const home = mkdtempSync(join(tmpdir(), 'dstack-offers-live-'))
  const path = join(home, 'base.sqlite')
  const database = openWritableCatalogFile(path)
  replaceBackends(
    database,
    ['vastai', 'cloudrift', 'aws'].map((backend) => ({
      backend,
      offers: [oldRow(backend, 1), oldRow(backend, 8)],
      notes: [],
    })),
  )
  database.close()
  const script: World['script'] = {}
  const serve = (market: Market) =>
    startServer((asked) => script[market] ?? goodReply(cases[market], asked))
  const servers = {
    vastai: await serve('vastai'),
    cloudrift: await serve('cloudrift'),
    runpod: await serve('runpod'),
  }
  const addresses = Object.fromEntries(
    Object.entries(servers).map(([name, { url }]) => [endpointVariable(name), url]),
  )
  return {
    environment: { DSTACK_OFFERS_HOME: home, ...addresses },
    servers,
    script,
    open: () => openCatalog({ path }),
    end: async () => {
      for (const server of Object.values(servers)) await server.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
