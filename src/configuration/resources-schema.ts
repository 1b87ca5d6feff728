import * as z from 'zod/mini'
import { mibPerGb, printMemory } from '#domain/memory'
import { exactly, type Range } from '#domain/range'
import { defaultResources, type GpuDemand, type Resources } from '#domain/resources'
import { parseCapability } from './capability.ts'
import { parseCount } from './count.ts'
import { leaf, mapping, orElse, orNull, report, rule, type Payload } from './fields.ts'
import { splitGpu } from './gpu-text.ts'
import { parseMemory } from './memory.ts'
import { rangeOf } from './range-schema.ts'
import { isMapping, numberOf, refusal, show, textOf, wholeNumber } from './scalar.ts'

export const countRange = () => rangeOf(parseCount, String)
export const memoryRange = () => rangeOf(parseMemory, printMemory)

const gpuName = () =>
  leaf((value) => {
    const name = typeof value === 'string' ? value : String(numberOf(value) ?? '')
    if (name.trim() !== '') return name
    throw refusal(`${show(value)} is no GPU name`)
  })

const oneOrMoreNames = () =>
  z.pipe(
    leaf((value): unknown[] => (Array.isArray(value) ? value : [value])),
    z.array(gpuName()),
  )

/** A bare number counts GPUs; 2.0 is none, as in dstack. */
const expandGpu = (value: unknown): unknown => {
  if (typeof value === 'string') return splitGpu(value)
  if (isMapping(value)) return value
  const count = wholeNumber(textOf(value) ?? '')
  if (count === null) throw refusal(`${show(value)} is no GPU demand`, 'write "A100:80GB:2"')
  return { count }
}

const gpuShape = () => ({
  name: orNull(oneOrMoreNames),
  count: orElse(countRange, exactly(1)),
  memory: orNull(memoryRange),
  total_memory: orNull(memoryRange),
  compute_capability: orNull(() => leaf(parseCapability)),
})

/** A GPU demand: a count, `A100:80GB:2`, or a mapping. */
export const gpuDemand = () =>
  z.pipe(
    mapping(gpuShape(), expandGpu),
    z.transform((gpu): GpuDemand => ({
      names: gpu.name,
      count: gpu.count,
      memoryMib: gpu.memory,
      totalMemoryMib: gpu.total_memory,
      computeCapability: gpu.compute_capability,
    })),
  )

const leastDiskMib = 50 * mibPerGb

const checkDisk = ({ min, max }: Range, payload: Payload): void => {
  if (min !== null && min < leastDiskMib)
    report(payload, `a disk of ${printMemory(min)} is too small`, { hint: 'disks start at 50GB' })
  else if (max !== null && max < leastDiskMib)
    report(payload, `a disk of at most ${printMemory(max)} is too small`, {
      hint: 'disks start at 50GB',
    })
}

/** The range of a disk, without the mapping around it. */
export const diskRange = () => memoryRange().check(rule<Range>(['min', 'max'], checkDisk))

const disk = () =>
  z.pipe(
    mapping({ size: diskRange() }, (value) => (isMapping(value) ? value : { size: value })),
    z.transform(({ size }) => size),
  )

/** The `resources` of a configuration, its gaps filled with the defaults. */
export const resources = () =>
  z.pipe(
    mapping({
      cpu: orElse(countRange, defaultResources.cpu),
      memory: orElse(memoryRange, defaultResources.memoryMib),
      shm_size: orNull(() => leaf(parseMemory)),
      gpu: orNull(gpuDemand),
      disk: orElse(() => z.nullable(disk()), defaultResources.diskMib),
    }),
    z.transform((said): Resources => ({
      cpu: said.cpu,
      memoryMib: said.memory,
      shmSizeMib: said.shm_size,
      gpu: said.gpu,
      diskMib: said.disk,
    })),
  )
