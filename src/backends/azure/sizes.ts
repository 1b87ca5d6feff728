/** Sizes as a subscription sees them in a region. */
import type { CpuArchitecture, InstanceType } from '#domain/offer'
import { mibPerGb } from '#domain/memory'
import { type Accelerators, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { mibOfGib } from '#backends/kit/figures'
import type { ResourceSku } from './schema.ts'

/** Models of series that carry whole cards; the count where the API leaves it out. */
interface Model {
  readonly sizes: RegExp
  readonly name: string
  readonly memoryGb?: number
  readonly count?: number
}

const models: readonly Model[] = [
  { sizes: /^Standard_NCC?\d+\w*_H100_v5$/, name: 'H100NVL' },
  { sizes: /^Standard_ND\d+\w*_H100_v5$/, name: 'H100' },
  { sizes: /^Standard_ND\d+\w*_H200_v5$/, name: 'H200' },
  { sizes: /^Standard_N[CD]\d+\w*_A100_v4$/, name: 'A100', memoryGb: 80 },
  { sizes: /^Standard_ND\d+asr_v4$/, name: 'A100', memoryGb: 40 },
  { sizes: /^Standard_NC\d+\w*_T4_v3$/, name: 'T4' },
  { sizes: /^Standard_ND\d+\w*_GB200_v6$/, name: 'GB200', count: 4 },
  { sizes: /^Standard_ND\d+\w*_GB300_v6$/, name: 'GB300', count: 4 },
  { sizes: /^Standard_ND\d+\w*_MI300X_v5$/, name: 'MI300X', count: 8 },
]

/** NV and NG sizes, and RTX PRO ones, carry parts of cards and tell a whole one. */
const acceleratorsOf = (name: string, toldCount: number | null): Accelerators | string => {
  if (!name.startsWith('Standard_N') && toldCount === null) return noAccelerators
  if (name.startsWith('Standard_NP')) return 'FPGA machine'
  const found = models.find(({ sizes }) => sizes.test(name))
  if (found === undefined) return 'no known model of accelerator'
  const { memoryGb } = found
  const gpu = gpuOf(found.name, memoryGb === undefined ? undefined : memoryGb * mibPerGb)
  const gpuCount = toldCount ?? found.count ?? 0
  if (gpu === null) return 'no known model of accelerator'
  return gpuCount > 0 ? { gpu, gpuCount } : 'number of accelerators not told'
}

const textOf = ({ capabilities }: ResourceSku, name: string): string | null =>
  capabilities.find((one) => one.name === name)?.value ?? null

/** Capabilities are texts. */
const figureOf = (sku: ResourceSku, name: string): number | null => {
  const text = textOf(sku, name)
  const figure = text === null || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(figure) && figure > 0 ? figure : null
}

const architectureIn = (told: string | null): CpuArchitecture | null => {
  if (told === 'x64') return 'x86_64'
  return told === 'Arm64' ? 'arm64' : null
}

/** A size that the embedded catalog does not know, from what the API tells; or why it is none. */
export const machineOf = (sku: ResourceSku): InstanceType | string => {
  const cpus = figureOf(sku, 'vCPUsAvailable') ?? figureOf(sku, 'vCPUs')
  const memoryGib = figureOf(sku, 'MemoryGB')
  const memoryMib = memoryGib === null ? null : mibOfGib(memoryGib)
  if (cpus === null || memoryMib === null) return 'no vCPU or no memory'
  const accelerators = acceleratorsOf(sku.name, figureOf(sku, 'GPUs'))
  if (typeof accelerators === 'string') return accelerators
  return {
    name: sku.name,
    cpus,
    memoryMib,
    ...accelerators,
    diskMib: null,
    architecture: architectureIn(textOf(sku, 'CpuArchitectureType')),
  }
}

/** Whether the subscription may have it in the region: a zone alone that it may not have says nothing. */
export const isRestricted = ({ restrictions }: ResourceSku): boolean =>
  restrictions.some(({ type }) => type === 'Location')

export const isSoldAsSpot = (sku: ResourceSku): boolean =>
  textOf(sku, 'LowPriorityCapable') !== 'False'
