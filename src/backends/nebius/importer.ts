/** Platforms of each region, and what the billing calculator says of each of their presets. */
import { nanoOfUsd } from '#backends/kit/figures'
import { newGathering } from '#backends/kit/gather'
import type { Importer, ImportPage, PageAccount, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { sealPages } from '#backends/kit/seal'
import type { GrpcClient } from '#platform/grpc'
import type { NebiusApi } from './api.ts'
import { nebiusReadiness } from './credentials.ts'
import { machineOf } from './machines.ts'
import type { RegionProject } from './projects.ts'
import type { Platform, Preset } from './schema.ts'
import { noAdvice, type PresetStock, type StockTable, stockTable } from './stock.ts'

interface PricedPreset {
  readonly platform: Platform
  readonly preset: Preset
  /** Dollars an hour; null where none is told. */
  readonly onDemandUsd: string | null
  /** The same; undefined where it is not sold as preemptible. */
  readonly preemptibleUsd: string | null | undefined
  readonly stock: PresetStock
}

export interface NebiusPage extends ImportPage {
  /** Null on pages of lists that have no presets. */
  readonly region: string | null
  readonly presets: readonly PricedPreset[]
}

const projectsList = 'projects'
const listOf = ({ region }: RegionProject): string => `platforms of ${region}`
const adviceListOf = (tenant: string): string => `capacity advice of ${tenant}`

const limit = { intervalMs: 50, atOnce: 4 }

const priced = async (
  api: NebiusApi,
  { project, region }: RegionProject,
  platforms: readonly Platform[],
  stockAt: StockTable | undefined,
): Promise<readonly PricedPreset[]> => {
  const asked = platforms.flatMap((platform) =>
    platform.spec.presets.map(async (preset): Promise<PricedPreset> => {
      const machine = { platform: platform.metadata.name, preset: preset.name }
      const [onDemandUsd, preemptibleUsd] = await Promise.all([
        api.price({ project, ...machine, preemptible: false }),
        platform.status?.allowed_for_preemptibles
          ? api.price({ project, ...machine, preemptible: true })
          : undefined,
      ])
      const stock = stockAt?.({ region, ...machine }) ?? noAdvice
      return { platform, preset, onDemandUsd, preemptibleUsd, stock }
    }),
  )
  return Promise.all(asked)
}

type OwnAccount = Pick<PageAccount, 'list' | 'rows' | 'more'> & Partial<PageAccount>

const accountOf = (own: OwnAccount): PageAccount => ({
  index: 0,
  key: own.list,
  total: null,
  cutAt: null,
  announces: [],
  ...own,
})

async function* pagesWith(io: ImportIo, api: NebiusApi): AsyncGenerator<NebiusPage> {
  const { adviceOf, platformPages } = await import('./lists.ts')
  const { regionProjects } = await import('./projects.ts')
  const { observation } = io
  const bare = { region: null, presets: [], observation }
  const projects = await regionProjects(api, io.credentials['tenant'])
  const tenants = [...new Set(projects.rows.map(({ tenant }) => tenant))]
  const announces = [...projects.rows.map(listOf), ...tenants.map(adviceListOf)]
  const { malformed, count, isWhole } = projects
  const account = { list: projectsList, rows: count, more: !isWhole, announces }
  yield { ...bare, malformed, account: accountOf(account) }

  const stock = new Map<string, StockTable>()
  for (const tenant of tenants) {
    const { rows, malformed, count, isWhole } = await adviceOf(api, tenant)
    stock.set(tenant, stockTable(rows))
    const account = { list: adviceListOf(tenant), rows: count, more: !isWhole }
    yield { ...bare, malformed, account: accountOf(account) }
  }

  for (const at of projects.rows) {
    for await (const { rows, malformed, count, index, key, more } of platformPages(
      api,
      at.project,
    )) {
      yield {
        region: at.region,
        presets: await priced(api, at, rows, stock.get(at.tenant)),
        malformed,
        observation,
        account: accountOf({ list: listOf(at), index, key, rows: count, more }),
      }
    }
  }
}

const toOffers = (page: NebiusPage): PageOffers => {
  const { region, presets, observation, malformed } = page
  const gathering = newGathering('nebius', observation, malformed)
  for (const { platform, preset, onDemandUsd, preemptibleUsd, stock } of presets) {
    const machine = machineOf(platform, preset)
    if (typeof machine === 'string') {
      gathering.reject(machine, `${platform.metadata.name} ${preset.name}`)
      continue
    }
    const common = { region, instanceType: machine }
    const onDemand = { spot: false, stock: stock.onDemand }
    gathering.offer({ ...common, ...onDemand, priceNanoUsd: nanoOfUsd(onDemandUsd) })
    if (preemptibleUsd === undefined) continue
    const preemptible = { spot: true, stock: stock.preemptible }
    gathering.offer({ ...common, ...preemptible, priceNanoUsd: nanoOfUsd(preemptibleUsd) })
  }
  return gathering.end()
}

/** `newClient` makes what calls go through; by default the door to gRPC, at the pace of its clock. */
export const newNebiusImporter = (
  newClient: (() => GrpcClient) | null = null,
): Importer<NebiusPage> => ({
  traits: {
    kind: 'list',
    ttlSeconds: 3600,
    limit,
    gives: { spot: true, stock: true, region: true },
    emptyResult: 'suspicious',
    credentials: 'required',
  },
  readiness: nebiusReadiness,
  fetch: async function* fetchPages(io) {
    // Nothing of gRPC is loaded for the readiness of a backend that nobody asks.
    const { newNebiusClient, openNebius } = await import('./api.ts')
    const client = (newClient ?? newNebiusClient)()
    try {
      yield* pagesWith(io, await openNebius(io, limit, client))
    } finally {
      client.close()
    }
  },
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [projectsList], emptyResult: 'suspicious' }),
})

export const nebiusImporter = newNebiusImporter()
