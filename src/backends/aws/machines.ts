/** Machines: as the account sees them, or as the price list and the embedded catalog tell. */
import type { CpuArchitecture, InstanceType } from '#domain/offer'
import { noAccelerators } from '#backends/kit/accelerators'
import { mibOfGib, mibOfMib } from '#backends/kit/figures'
import type { ImportTables } from '#backends/kit/importer'
import { acceleratorsOf, isAccelerated, namesMakerAlone } from './accelerators.ts'
import type { DescribedType, PriceRow } from './schema.ts'

const architectureOf = (supported: readonly string[]): CpuArchitecture | null => {
  if (supported.includes('x86_64')) return 'x86_64'
  return supported.includes('arm64') ? 'arm64' : null
}

/** The machine, or why there is none. The root volume is EBS, of any size: the disk is of one's choice. */
export const describedMachine = (
  type: DescribedType,
  tables: ImportTables,
): InstanceType | string => {
  if (namesMakerAlone(type)) {
    return tables.instanceType(type.instanceType) ?? 'no known model of accelerator'
  }
  const accelerators = acceleratorsOf(type)
  if (typeof accelerators === 'string') return accelerators
  const memoryMib = mibOfMib(type.memoryInfo.sizeInMiB)
  const cpus = type.vCpuInfo.defaultVCpus
  if (memoryMib === null || !(cpus > 0)) return 'no vCPU or no memory'
  return {
    name: type.instanceType,
    cpus,
    memoryMib,
    ...accelerators,
    diskMib: null,
    architecture: architectureOf(type.processorInfo.supportedArchitectures),
  }
}

const architectureOfProcessor = (processor: string): CpuArchitecture | null => {
  if (/Graviton/.test(processor)) return 'arm64'
  return /Intel|AMD/.test(processor) ? 'x86_64' : null
}

/** `16 GiB`, `1,952 GiB`. */
const gibOf = (memory: string): number | null => {
  const [, figure] = /^([\d,]+(?:\.\d+)?) GiB$/.exec(memory) ?? []
  return figure === undefined ? null : Number(figure.replaceAll(',', ''))
}

/** The price list names no accelerator, and keeps prices of types that are no longer sold. */
export const listedMachine = (row: PriceRow, tables: ImportTables): InstanceType | string => {
  const known = tables.instanceType(row.instanceType)
  if (known) return known
  if (isAccelerated(row.instanceType) || !/^(0|NA)?$/.test(row.gpus)) return 'accelerator not told'
  if (row.generationIsCurrent !== 'Yes') return 'of an earlier generation and in no catalog'
  const memoryMib = mibOfGib(gibOf(row.memory) ?? 0)
  const cpus = /^\d+$/.test(row.cpus) ? Number(row.cpus) : 0
  if (memoryMib === null || cpus === 0) return 'no vCPU or no memory'
  const architecture = architectureOfProcessor(row.processor)
  return { name: row.instanceType, cpus, memoryMib, ...noAccelerators, diskMib: null, architecture }
}
