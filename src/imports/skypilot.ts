/** SkyPilot's rows, with what is known of their traps. */
import { architectureOf } from '#backends/kit/accelerators'
import { regionOf as regionOfVast } from '#backends/vastai/region'
import { mibPerGb } from '#domain/memory'
import type { InstanceType } from '#domain/offer'
import type { CsvRow } from '#platform/csv'
import { readingOf } from './offers-of-drafts.ts'
import { type Draft, newTally, type ReadContext, type Reading, type Tally } from './reading.ts'
import { acceleratorPrices, type AcceleratorPrices, gcpPrices } from './skypilot-gcp.ts'
import { acceleratorsOfRow, isTpu } from './skypilot-gpus.ts'
import { readSkypilotRow, type SkypilotRow } from './skypilot-row.ts'

/** Backends whose machines are better known from their own tables than from these. */
const knownByName = new Set(['aws', 'azure', 'gcp'])

/** Azure's constrained sizes (`E16-4as_v5`) carry the vCPUs of their parent: theirs are after the dash. */
const constrained = /^Standard_[A-Z]+\d+-(\d+)/

const cpusOf = ({ cpus, instanceType }: SkypilotRow, backend: string): number | null => {
  const own = backend === 'azure' ? constrained.exec(instanceType)?.[1] : undefined
  return own === undefined ? cpus : Number(own)
}

/** Accelerators are missing in some rows of Azure's N series: such a row is no machine without any. */
const hidesAccelerators = ({ instanceType, accelerator }: SkypilotRow, backend: string): boolean =>
  backend === 'azure' && accelerator === '' && instanceType.startsWith('Standard_N')

const machineOfRow = (row: SkypilotRow, backend: string): InstanceType | string => {
  if (hidesAccelerators(row, backend)) return 'accelerators unknown'
  const cpus = cpusOf(row, backend)
  if (!cpus || !row.memoryGib) return 'no vCPUs or no memory'
  const accelerators = acceleratorsOfRow(row, backend)
  if (typeof accelerators === 'string') return accelerators
  return {
    name: row.instanceType,
    cpus,
    memoryMib: Math.round(row.memoryGib * mibPerGb),
    ...accelerators,
    diskMib: row.diskGib === null ? null : Math.round(row.diskGib * mibPerGb),
    architecture: row.architecture ?? architectureOf(accelerators.gpu),
  }
}

/** Null where the source does not tell a region. */
const regionOf = ({ region, zone }: SkypilotRow, backend: string): string | null => {
  if (backend === 'vastai') return regionOfVast(region)
  // RunPod's regions are data centers, as everywhere in this program; there they stand as zones.
  if (backend === 'runpod' && zone !== '') return zone
  return region === '' || region === 'default' ? null : region
}

interface Priced {
  readonly machine: InstanceType
  readonly onDemand: number | string
  readonly spot: number | string
}

const pricedOf = (
  row: SkypilotRow,
  { backend, known }: ReadContext,
  accelerators: AcceleratorPrices,
): Priced | string => {
  if (isTpu(row)) return 'TPU: vCPUs and memory of its host are not given'
  if (row.instanceType === '') return 'accelerators without a machine'
  const machine = knownByName.has(backend) ? known.machine(row.instanceType) : null
  const prices =
    backend === 'gcp'
      ? gcpPrices(row, machine, accelerators, known)
      : { onDemand: row.onDemand || 'no price above zero', spot: row.spot || 'no price above zero' }
  if (typeof prices === 'string') return prices
  const found = machine ?? machineOfRow(row, backend)
  return typeof found === 'string' ? found : { machine: found, ...prices }
}

/** Both prices of a row. A spot price of zero says that there is none, and so is no reject. */
const addDrafts = (
  drafts: Draft[],
  row: SkypilotRow,
  context: ReadContext,
  prices: AcceleratorPrices,
  tally: Tally,
): void => {
  const priced = pricedOf(row, context, prices)
  for (const spot of [false, true]) {
    const written = spot ? row.spot : row.onDemand
    if (written === null || (spot && written === 0)) continue
    const price = typeof priced === 'string' ? priced : spot ? priced.spot : priced.onDemand
    if (typeof price === 'string' || typeof priced === 'string') tally.reject(String(price))
    else {
      const { machine: instanceType } = priced
      const region = regionOf(row, context.backend)
      drafts.push({ region, instanceType, spot, priceNanoUsd: price })
    }
  }
}

const readRows = async (
  rows: AsyncIterable<CsvRow>,
  tally: Tally,
): Promise<{ readonly rows: readonly SkypilotRow[]; readonly count: number }> => {
  const read: SkypilotRow[] = []
  let count = 0
  for await (const row of rows) {
    count += 1
    const one = readSkypilotRow(row)
    if (typeof one === 'string') tally.spoilt(one)
    else read.push(one)
  }
  return { rows: read, count }
}

export const readSkypilot = async (
  source: AsyncIterable<CsvRow>,
  context: ReadContext,
): Promise<Reading> => {
  const tally = newTally()
  const { rows, count } = await readRows(source, tally)
  const prices = acceleratorPrices(context.backend === 'gcp' ? rows : [])
  const drafts: Draft[] = []
  for (const row of rows) addDrafts(drafts, row, context, prices, tally)
  const notes = ['read from a catalog of SkyPilot; stock is not known']
  return readingOf(drafts, count, notes, context, tally)
}
