import { type Accelerators, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import type { LinodeType } from './schema.ts'

/** `RTX4000 Ada x1 Small`, `Dedicated 32GB + RTX6000 GPU x1`: the label alone names the model. */
const inLabel = /^(?:.* \+ )?(.+?)(?: GPU)? x\d+\b/

/** Video processors count as accelerators too, and are none that a model runs on. */
export const acceleratorsOf = (type: LinodeType): Accelerators | string => {
  if ((type.accelerated_devices ?? 0) > 0) return 'no known model of accelerator'
  const gpuCount = type.gpus ?? 0
  if (gpuCount === 0) {
    return type.class === 'gpu' ? 'number of accelerators not told' : noAccelerators
  }
  const gpu = gpuOf(inLabel.exec(type.label)?.[1] ?? type.label, undefined)
  return gpu === null ? 'no known model of accelerator' : { gpu, gpuCount }
}
