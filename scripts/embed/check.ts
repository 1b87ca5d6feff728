import type { Gpu } from '#domain/gpu'
import { gpuModels, sliceOf } from '#domain/gpu-models'
import type { Offer } from '#domain/offer'
import type { Extraction } from './source.ts'

const sameGpu = (left: Gpu, right: Gpu): boolean =>
  left.name === right.name &&
  left.vendor === right.vendor &&
  left.memoryMib === right.memoryMib &&
  left.computeCapability?.join('.') === right.computeCapability?.join('.')

/** Whether a model, or a slice of one, stands in the table just so. */
export const isKnownGpu = (gpu: Gpu): boolean => {
  const [, name = gpu.name, denominator = '1'] = /^(.*)-1\/(\d+)$/.exec(gpu.name) ?? []
  return gpuModels.some(
    (model) =>
      model.name === name &&
      sameGpu(gpu, denominator === '1' ? model : sliceOf(model, Number(denominator))),
  )
}

const complaintsOf = (offer: Offer): string[] => {
  const { gpu, gpuCount } = offer.instanceType
  const price = offer.priceNanoUsd
  const wrong: string[] = []
  if (price === null || !Number.isSafeInteger(price) || price <= 0) wrong.push(`price ${price}`)
  if (gpu && !isKnownGpu(gpu)) wrong.push(`GPU "${gpu.name}" is not in the table just so`)
  if ((gpu === null) !== (gpuCount === 0)) wrong.push(`${gpuCount} GPUs of ${gpu?.name ?? 'none'}`)
  return wrong.map((what) => `"${offer.id}": ${what}`)
}

/** Everything that forbids to embed what was extracted; empty when nothing does. */
export const complaintsAbout = ({ offers, rowsRead, rejected }: Extraction): string[] => {
  const seen = new Set<string>()
  const complaints = offers.flatMap(complaintsOf)
  for (const { id } of offers) {
    if (seen.has(id)) complaints.push(`"${id}" is there twice`)
    seen.add(id)
  }
  const refused = [...rejected.values()].reduce((total, rows) => total + rows, 0)
  if (offers.length + refused !== rowsRead)
    complaints.push(
      `${offers.length} kept and ${refused} rejected are not the ${rowsRead} rows read`,
    )
  return complaints
}
