/** The price list, and with an account what its zones have; then a page for each region. */
import { UpstreamCredentialsError } from '#domain/errors'
import type { ImportPage, Reject } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { wholeList } from '#backends/kit/whole-list'
import { gcpAccess, type GcpAccess } from './credentials.ts'
import {
  joined,
  type Listed,
  readAccelerators,
  readMachineTypes,
  readSkus,
  readTpus,
  type ZoneTpu,
} from './lists.ts'
import { type Rate, rateOf } from './rates.ts'
import type { AcceleratorType, MachineType, Sku } from './schema.ts'

export type GcpPage = ImportPage &
  (
    | { readonly kind: 'lists'; readonly rejected: readonly Reject[] }
    | {
        readonly kind: 'region'
        readonly region: string
        readonly rates: readonly Rate[]
        /** Whether the three below are of an account; else they are empty, and names are known ones. */
        readonly isSeen: boolean
        readonly machines: readonly MachineType[]
        readonly accelerators: readonly AcceleratorType[]
        readonly tpus: readonly ZoneTpu[]
      }
  )

export const listsOfAll = 'price list'

const computeService = '6F81-5844-456A'
const tpuService = 'E000-3F24-B8AA'

interface Hardware {
  readonly machines: Listed<MachineType>
  readonly accelerators: Listed<AcceleratorType>
  readonly tpus: Listed<ZoneTpu>
  readonly skipped: readonly Reject[]
}

const nothing = { rows: [], malformed: [], count: 0, isWhole: true }

/** TPUs have an API of their own, which an account that uses none has closed. */
const tpusOrNone = async (
  io: ImportIo,
  account: NonNullable<GcpAccess['account']>,
): Promise<Pick<Hardware, 'tpus' | 'skipped'>> => {
  try {
    return { tpus: await readTpus(io, account), skipped: [] }
  } catch (error) {
    if (!(error instanceof UpstreamCredentialsError)) throw error
    return { tpus: nothing, skipped: [{ reason: 'TPU API closed to the account', row: 'TPUs' }] }
  }
}

const readHardware = async (io: ImportIo, access: GcpAccess): Promise<Hardware | null> => {
  const { account } = access
  if (account === null) return null
  const machines = await readMachineTypes(io, account)
  const accelerators = await readAccelerators(io, account)
  return { machines, accelerators, ...(await tpusOrNone(io, account)) }
}

interface PriceList {
  readonly byRegion: ReadonlyMap<string, readonly Rate[]>
  readonly rejected: readonly Reject[]
}

/** Regions are compared as a whole: one may be the beginning of another. */
const priceListOf = (skus: readonly Sku[]): PriceList => {
  const byRegion = new Map<string, Rate[]>()
  const rejected: Reject[] = []
  for (const sku of skus) {
    const rate = rateOf(sku)
    if (rate === null) continue
    if ('reason' in rate) rejected.push(rate)
    else {
      for (const region of sku.serviceRegions) {
        const rates = byRegion.get(region)
        if (rates) rates.push(rate)
        else byRegion.set(region, [rate])
      }
    }
  }
  return { byRegion, rejected }
}

/** `us-central1` of `us-central1-a` and of `us-central1-ai1a`. */
export const regionOfZone = (zone: string): string => zone.replace(/-[^-]+$/, '')

const inRegion = <Row extends { readonly zone: string }>(
  listed: Listed<Row> | undefined,
  region: string,
): readonly Row[] => (listed?.rows ?? []).filter(({ zone }) => regionOfZone(zone) === region)

const regionsOf = (hardware: Hardware | null, prices: PriceList): readonly string[] => {
  if (hardware === null) return [...prices.byRegion.keys()].toSorted()
  const zones = [...hardware.machines.rows, ...hardware.tpus.rows].map(({ zone }) => zone)
  return [...new Set(zones.map(regionOfZone))].toSorted()
}

export async function* fetchPages(io: ImportIo): AsyncGenerator<GcpPage> {
  const access = await gcpAccess(io)
  const skus = joined([
    await readSkus(io, access, computeService),
    await readSkus(io, access, tpuService),
  ])
  const hardware = await readHardware(io, access)
  const prices = priceListOf(skus.rows)
  const lists = [skus, hardware?.machines, hardware?.accelerators, hardware?.tpus].filter(
    (list) => list !== undefined,
  )
  const regions = regionsOf(hardware, prices)
  yield {
    kind: 'lists',
    rejected: [...prices.rejected, ...(hardware?.skipped ?? [])],
    malformed: lists.flatMap(({ malformed }) => malformed),
    observation: io.observation,
    account: {
      ...wholeList(
        listsOfAll,
        lists.reduce((sum, { count }) => sum + count, 0),
      ),
      announces: regions,
      more: lists.some(({ isWhole }) => !isWhole),
    },
  }
  for (const region of regions) {
    const rates = prices.byRegion.get(region) ?? []
    yield {
      kind: 'region',
      region,
      rates,
      isSeen: hardware !== null,
      machines: inRegion(hardware?.machines, region),
      accelerators: inRegion(hardware?.accelerators, region),
      tpus: inRegion(hardware?.tpus, region),
      malformed: [],
      observation: io.observation,
      account: wholeList(region, rates.length),
    }
  }
}
