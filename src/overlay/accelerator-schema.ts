import * as z from 'zod/mini'
import { type Gpu, gpuVendors } from '#domain/gpu'
import { findGpu, gpuModels, gpusNamed } from '#domain/gpu-models'
import { printMemory } from '#domain/memory'
import { parseCount } from '#configuration/count'
import { leaf, mapping, orElse, orNull, report, wordOf, type Payload } from '#configuration/fields'
import { splitGpu } from '#configuration/gpu-text'
import { parseMemory } from '#configuration/memory'
import { didYouMean, refusal, show } from '#configuration/scalar'
import { parseName } from './action-fields.ts'

export interface Accelerators {
  readonly gpu: Gpu
  readonly gpuCount: number
}

/** `A100:80GB:8` as a mapping. */
const expand = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  const { name: names, ...parts } = splitGpu(value)
  if (names?.length === 1) return { ...parts, name: names[0] }
  throw refusal(`${show(value)} does not name one GPU`, 'write "A100:80GB:8"')
}

const mostGpus = 10_000

const parseGpuCount = (value: unknown): number => {
  const count = parseCount(value)
  if (count > mostGpus) throw refusal(`${show(value)} GPUs are more than a machine has`)
  if (count > 0) return count
  throw refusal('a machine with 0 GPUs has no gpu', 'remove the key')
}

const parseSize = (value: unknown): number => {
  const mib = Math.round(parseMemory(value))
  if (mib > 0) return mib
  throw refusal(`size ${show(value)} is nothing`)
}

interface Said {
  readonly name: string
  readonly memory: number | null
  readonly vendor: (typeof gpuVendors)[number] | null
}

/** A model that is known by name, or one that is described whole. */
const gpuOf = ({ name, memory, vendor }: Said): Gpu | null => {
  const model = findGpu(name, memory ?? undefined)
  if (model && (vendor === null || vendor === model.vendor)) {
    const { vendor: maker, memoryMib, computeCapability } = model
    return { name: model.name, vendor: maker, memoryMib, computeCapability }
  }
  if (vendor === null || memory === null) return null
  return { name, vendor, memoryMib: memory, computeCapability: null }
}

const reportUnknown = ({ name }: Said, payload: Payload): void => {
  const sizes = gpusNamed(name).map((model) => printMemory(model.memoryMib))
  if (sizes.length > 0) {
    report(payload, `GPU ${show(name)} has ${sizes.join(' or ')}`, {
      hint: `write "${name}:${sizes[0]}", or give memory and vendor for another`,
    })
    return
  }
  const names = gpuModels.map((model) => model.name)
  report(payload, `${show(name)} is no known GPU`, {
    hint: didYouMean(name, names) ?? 'give name, memory, count and vendor',
  })
}

/** The GPUs of an own instance type: `A100:80GB:8`, or a mapping. */
export const accelerators = (): z.ZodMiniType<Accelerators> =>
  z.pipe(
    mapping(
      {
        name: leaf(parseName),
        memory: orNull(() => leaf(parseSize)),
        count: orElse(() => leaf(parseGpuCount), 1),
        vendor: orNull(() => leaf(wordOf(gpuVendors))),
      },
      expand,
    ),
    z.transform((said, payload): Accelerators => {
      const gpu = gpuOf(said)
      if (gpu) return { gpu, gpuCount: said.count }
      reportUnknown(said, payload)
      return z.NEVER
    }),
  )
