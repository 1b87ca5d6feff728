import type { InstanceType } from '#domain/offer'
import { mibPerGb } from '#domain/memory'
import { acceleratorsOf } from './azure-gpus.ts'
import { readRows } from './azure-rows.ts'

/** A size that can be offered, or the reason why it cannot. */
export type Size = { readonly instanceType: InstanceType } | { readonly reason: string }

/** The table gives constrained sizes (`E16-4as_v5`) their parent's vCPUs; the dash gives their own. */
const vcpusOf = (name: string, listed: number): number => {
  const constrained = /^Standard_[A-Z]+\d+[a-z]*-(\d+)/.exec(name)?.[1]
  return constrained === undefined ? listed : Number(constrained)
}

/** `p` among the small letters is an Arm processor (`D2ps_v5`); GB200 machines have Grace ones. */
const architectureOf = (name: string): 'x86_64' | 'arm64' =>
  /^Standard_[A-Z]+\d+(-\d+)?[a-z]*p[a-z]*_|_GB[23]00_/.test(name) ? 'arm64' : 'x86_64'

const sizeOf = (name: string, listedVcpus: number, memoryGib: number, listsGpu: boolean): Size => {
  const accelerators = acceleratorsOf(name)
  if (accelerators.kind === 'fpga') return { reason: 'FPGA machine' }
  if (accelerators.kind === 'unknown') return { reason: 'GPU of the size unknown' }
  if (accelerators.kind === 'none' && listsGpu) return { reason: 'GPU of the size unknown' }
  const cpus = vcpusOf(name, listedVcpus)
  const memoryMib = Math.round(memoryGib * mibPerGb)
  if (!(cpus > 0 && memoryMib > 0)) return { reason: 'size without specifications' }
  const { gpu, gpuCount } = accelerators.kind === 'gpu' ? accelerators : { gpu: null, gpuCount: 0 }
  const architecture = architectureOf(name)
  return { instanceType: { name, cpus, memoryMib, gpu, gpuCount, diskMib: null, architecture } }
}

/** Sizes by ARM name, from the text of `instance-types.csv`. */
export const readSizes = (text: string): ReadonlyMap<string, Size> => {
  const sizes = new Map<string, Size>()
  for (const [name, vcpus, memoryGib, gpu, gpuCount] of readRows(text, 'arm_sku_name'))
    sizes.set(name, sizeOf(name, Number(vcpus), Number(memoryGib), gpu !== '' || gpuCount !== ''))
  return sizes
}
