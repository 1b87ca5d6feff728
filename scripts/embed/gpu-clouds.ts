import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { observationOf, type LeftOut } from '#catalog/snapshot-manifest'
import type { Gpu } from '#domain/gpu'
import { findGpu, isSuperchip } from '#domain/gpu-models'
import { mibPerGb } from '#domain/memory'
import { offerId, type CpuArchitecture, type InstanceType, type Offer } from '#domain/offer'
import { parseUsd } from '#domain/price'
import type { EmbeddedSource, Extraction, InputDocument } from './source.ts'
import { newTally } from './tally.ts'

const offerings = {
  key: 'offerings',
  file: 'gpu-clouds/offerings.json',
  repository: 'tardellirs/gpu-pricing',
  path: 'offerings.json',
  commit: '8f09a68',
  observedOn: '2026-05-24',
  licence: 'MIT',
} as const satisfies InputDocument

/** A row: one accelerator with its share of vCPUs and memory, sold as an instance of its own. */
interface Row {
  readonly id: string
  readonly provider_id: string
  readonly gpu_model: string
  readonly vram_gb: number
  readonly is_spot: boolean
  readonly price_usd_hour: number
  readonly vcpu?: number | null
  readonly ram_gb?: number | null
  readonly notes?: string | null
  readonly caveats?: readonly string[]
}

const readRows = (directory: string): readonly Row[] =>
  JSON.parse(readFileSync(join(directory, offerings.file), 'utf8')) as readonly Row[]

/** Backend -> the name its rows go by. */
const clouds: ReadonlyMap<
  string,
  { readonly provider: string; readonly notes: readonly string[] }
> = new Map([
  [
    'dataoorts',
    { provider: 'dataoorts', notes: ['prices follow demand; storage is billed apart'] },
  ],
  ['digitalocean', { provider: 'digitalocean', notes: [] }],
  ['genesiscloud', { provider: 'genesis-cloud', notes: [] }],
  ['gpuhub', { provider: 'gpuhub', notes: [] }],
  ['hyperstack', { provider: 'hyperstack', notes: [] }],
  ['jarvislabs', { provider: 'jarvis-labs', notes: ['storage is billed apart'] }],
  ['lambdalabs', { provider: 'lambda', notes: [] }],
  ['packetai', { provider: 'packet-ai', notes: [] }],
  [
    'runpod',
    {
      provider: 'runpod',
      notes: [
        'vCPUs and memory are those of the cheapest host, not fixed',
        'prices of the community cloud change by 15 % either way; disks are billed apart',
      ],
    },
  ],
  ['vultr', { provider: 'vultr', notes: [] }],
])

const commonNotes = [
  'collected by hand from the price page of the cloud; instances of one accelerator only',
  'regions are not known',
]

/** Rows that price no instance one can rent: an estimate, or serverless workers sold as spot. */
const unusable = (row: Row): string | null => {
  const remarks = [...(row.caveats ?? []), row.notes ?? ''].join(' ')
  if (/estimated|approximate/i.test(remarks)) return 'price is an estimate'
  if (/active spot/i.test(remarks)) return 'serverless, no instance'
  return null
}

/** `runpod-rtx-4090-secure` -> `rtx-4090-secure`; spot and on-demand are one instance type. */
const typeName = (row: Row): string =>
  row.id.slice(row.provider_id.length + 1).replace(/-(spot|on-demand)$/, '')

/** NVIDIA's superchips bring an Arm processor; of other machines the source says nothing. */
const architectureOf = (gpu: Gpu): CpuArchitecture | null =>
  isSuperchip(gpu.name) ? 'arm64' : null

const instanceTypeOf = (row: Row): InstanceType | { readonly rejected: string } => {
  if (!row.vcpu || !row.ram_gb) return { rejected: 'vCPUs and memory are not given' }
  const model = findGpu(row.gpu_model, row.vram_gb * mibPerGb)
  if (!model) return { rejected: `no model "${row.gpu_model}" of ${row.vram_gb} GB` }
  const { name, vendor, memoryMib, computeCapability } = model
  const gpu = { name, vendor, memoryMib, computeCapability }
  return {
    name: typeName(row),
    cpus: row.vcpu,
    memoryMib: row.ram_gb * mibPerGb,
    gpu,
    gpuCount: 1,
    diskMib: null,
    architecture: architectureOf(gpu),
  }
}

const extract = (directory: string, backend: string, provider: string): Extraction => {
  const rows = readRows(directory).filter((row) => row.provider_id === provider)
  const tally = newTally()
  const offers: Offer[] = []
  for (const row of rows) {
    const reason = unusable(row)
    const type = instanceTypeOf(row)
    const priceNanoUsd = parseUsd(String(row.price_usd_hour))
    if (reason) tally.reject(reason)
    else if ('rejected' in type) tally.reject(type.rejected)
    else if (priceNanoUsd === null || priceNanoUsd <= 0) tally.reject('no price above zero')
    else
      offers.push({
        id: offerId(backend, null, type.name, row.is_spot),
        backend,
        region: null,
        instanceType: type,
        spot: row.is_spot,
        priceNanoUsd,
        stock: 'unknown',
        observation: observationOf(offerings),
      })
  }
  return { offers, rowsRead: rows.length, rejected: tally.counts }
}

export const gpuClouds: readonly EmbeddedSource[] = [...clouds].map(
  ([backend, { provider, notes }]) => ({
    backend,
    inputs: [offerings],
    notes: [...commonNotes, ...notes],
    extract: (directory) => extract(directory, backend, provider),
  }),
)

/** Clouds of the document none of whose rows says what machine is sold. */
export const leftOutClouds = (directory: string): readonly LeftOut[] => {
  const taken = new Set([...clouds.values()].map((cloud) => cloud.provider))
  const rows = new Map<string, number>()
  for (const { provider_id: provider } of readRows(directory))
    if (!taken.has(provider)) rows.set(provider, (rows.get(provider) ?? 0) + 1)
  return [...rows]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([backend, count]) => ({
      backend,
      rows: count,
      reason: 'prices of a GPU alone: neither vCPUs nor memory are given',
    }))
}
