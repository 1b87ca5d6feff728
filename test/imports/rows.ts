/** Rows as a reader gets them, and readers over them. */
import type { CsvRow } from '#platform/csv'
import { gpuOf } from '#backends/kit/accelerators'
import { sliceOf } from '#domain/gpu-models'
import type { InstanceType, Offer } from '#domain/offer'
import { readGpuhunt } from '#imports/gpuhunt'
import type { KnownOffers, Reading } from '#imports/reading'
import { readSkypilot } from '#imports/skypilot'

export const observation = { source: 'a test', observedAt: '2026-05-20T00:00:00Z' }

const rowsOf = async function* (rows: readonly CsvRow[]): AsyncGenerator<CsvRow> {
  yield* rows
}

const machine = (
  name: string,
  card: readonly [name: string, memoryGb: number] | null,
  gpuCount: number,
): InstanceType => ({
  name,
  cpus: 8,
  memoryMib: 32 * 1024,
  gpu: card === null ? null : gpuOf(card[0], card[1] * 1024),
  gpuCount,
  diskMib: null,
  architecture: 'x86_64',
})

const sliced = (name: string): InstanceType => {
  const whole = machine(name, ['RTXPRO6000', 96], 1)
  return { ...whole, gpu: whole.gpu && sliceOf(whole.gpu, 8) }
}

const machines = [
  machine('a2-highgpu-1g', ['A100', 40], 1),
  machine('a2-ultragpu-1g', ['A100', 80], 1),
  machine('a3-highgpu-1g', ['H100', 80], 1),
  machine('a3-megagpu-8g', ['H100', 80], 8),
  machine('a4-highgpu-8g', ['B200', 180], 8),
  sliced('g4-standard-6'),
]

const leastUsd: Readonly<Record<string, number>> = { 'a2-highgpu-1g': 3.67, 'a3-megagpu-8g': 80 }

const known: KnownOffers = {
  machine: (name) => machines.find((one) => one.name === name) ?? null,
  leastNanoUsd: (name) => {
    const usd = leastUsd[name]
    return usd === undefined ? null : usd * 1e9
  },
}

export const skypilot = (backend: string, rows: readonly CsvRow[]): Promise<Reading> =>
  readSkypilot(rowsOf(rows), { backend, observation, known })

export const gpuhunt = (backend: string, rows: readonly CsvRow[]): Promise<Reading> =>
  readGpuhunt(rowsOf(rows), { backend, observation, known })

/** `id price`, and what the machine carries. */
export const briefly = ({ offers }: Reading): readonly string[] =>
  offers.map(({ id, priceNanoUsd }: Offer) => `${id} ${Number(priceNanoUsd) / 1e9}`)

export const cardsOf = ({ offers }: Reading): readonly string[] =>
  offers.map(
    ({ instanceType: { gpu, gpuCount } }) =>
      `${gpuCount} x ${gpu?.name ?? 'none'} ${(gpu?.memoryMib ?? 0) / 1024}`,
  )

export const skypilotRow = (over: CsvRow): CsvRow => ({
  InstanceType: 'machine-1',
  AcceleratorName: '',
  AcceleratorCount: '',
  vCPUs: '4',
  MemoryGiB: '16.0',
  GpuInfo: '',
  Price: '1.5',
  SpotPrice: '',
  Region: 'us-east1',
  AvailabilityZone: '',
  ...over,
})

/** As Python prints it. */
export const gpuInfo = (name: string, count: number, sizeInMib: number): string =>
  `{'Gpus': [{'Name': '${name}', 'Manufacturer': 'NVIDIA', 'Count': ${count}, 'MemoryInfo': {'SizeInMiB': ${sizeInMib}}}], 'TotalGpuMemoryInMiB': ${sizeInMib * count}}`

export const gpuhuntRow = (over: CsvRow): CsvRow => ({
  instance_name: 'i-1',
  location: 'us-east-1',
  price: '1.5',
  cpu: '4',
  memory: '16.0',
  gpu_count: '0',
  gpu_name: '',
  gpu_memory: '',
  spot: 'False',
  disk_size: '',
  gpu_vendor: '',
  flags: '',
  cpu_arch: 'x86',
  provider_data: '{}',
  ...over,
})
