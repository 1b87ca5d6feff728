/** Machines of gpuhunt's rows as they are elsewhere in this program. Pure. */
import { cardsOf, gpuOf } from '#backends/kit/accelerators'
import { gpusNamed } from '#domain/gpu-models'
import type { InstanceType } from '#domain/offer'
import type { ReadContext } from './reading.ts'

/** gpuhunt turns Lambda's GiB into GB of 10^9 bytes; everywhere else its GB are GiB. */
const giBToGb = 1.074

const withOwnSizes = (type: InstanceType, { backend }: ReadContext): InstanceType =>
  backend === 'lambdalabs'
    ? {
        ...type,
        memoryMib: Math.round(type.memoryMib / giBToGb),
        diskMib: type.diskMib === null ? null : Math.round(type.diskMib / giBToGb),
      }
    : type

/**
 * Cards under the names and sizes of our table; one that is not in it stays as it is written. Null for
 * a known card of a memory it is not made with, nor a part of.
 */
const withKnownCards = (
  type: InstanceType,
  { backend, known }: ReadContext,
): InstanceType | null => {
  const { gpu, gpuCount } = type
  if (gpu === null) return type
  const machine = backend === 'gcp' ? known.machine(type.name) : null
  // Parts of a card are listed as the whole (g4-standard-6 as one RTX PRO 6000).
  if (machine?.gpu?.name.includes('-1/')) {
    return { ...type, gpu: machine.gpu, gpuCount: machine.gpuCount }
  }
  const card = gpuOf(gpu.name, gpu.memoryMib || undefined)
  if (card !== null) return { ...type, gpu: card }
  if (gpu.memoryMib === 0) return null
  if (gpusNamed(gpu.name).length === 0) return type
  const whole = gpuCount === 1 ? gpuOf(gpu.name, undefined) : null
  const part = whole === null ? null : cardsOf(whole, gpu.memoryMib)
  return part === null ? null : { ...type, ...part }
}

/** RunPod's rows are named by the card alone; here as the refresh names them. */
const withOwnName = (type: InstanceType, { backend }: ReadContext, region: string): InstanceType =>
  backend === 'runpod' && type.gpu !== null
    ? {
        ...type,
        name: `${type.gpuCount}x ${type.name} ${region.includes('-') ? 'secure' : 'community'}`,
      }
    : type

/** Null for cards that are not made with such a memory. `location` is gpuhunt's. */
export const ownMachine = (
  type: InstanceType,
  context: ReadContext,
  location: string,
): InstanceType | null => {
  const known = withKnownCards(withOwnSizes(type, context), context)
  return known === null ? null : withOwnName(known, context, location)
}
