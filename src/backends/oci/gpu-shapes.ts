/**
 * Shapes with accelerators: facts of Oracle's page on compute shapes and of its cost estimator,
 * September 2026. The estimator is wrong on some, and is not asked: it calls the hosts of A10 and A100
 * Arm, and counts the memory of an MI355X once for eight.
 */

/** CPUs, memory and local disks are in the price of its accelerators. */
export interface GpuShape {
  readonly name: string
  /** Part number of an accelerator by the hour. */
  readonly part: string
  readonly gpu: string
  readonly gpuGib: number
  readonly gpuCount: number
  readonly cpus: number
  readonly memoryGib: number
  /** Local disks; null where there are none or where their size is not known. */
  readonly diskGib: number | null
  readonly preemptible: boolean
}

type Row = readonly [
  name: string,
  part: string,
  gpuCount: number,
  gpu: string,
  gpuGib: number,
  cpus: number,
  memoryGib: number,
  diskGib?: number,
]

const shapes = (preemptible: boolean, rows: readonly Row[]): readonly GpuShape[] =>
  rows.map(([name, part, gpuCount, gpu, gpuGib, cpus, memoryGib, diskGib = null]) => ({
    name,
    part,
    gpuCount,
    gpu,
    gpuGib,
    cpus,
    memoryGib,
    diskGib,
    preemptible,
  }))

export const gpuShapes: readonly GpuShape[] = [
  ...shapes(true, [
    ['VM.GPU2.1', 'B88518', 1, 'P100', 16, 24, 72],
    ['VM.GPU3.1', 'B89734', 1, 'V100', 16, 12, 90],
    ['VM.GPU3.2', 'B89734', 2, 'V100', 16, 24, 180],
    ['VM.GPU3.4', 'B89734', 4, 'V100', 16, 48, 360],
  ]),
  ...shapes(false, [
    ['VM.GPU.A10.1', 'B95909', 1, 'A10', 24, 30, 240],
    ['VM.GPU.A10.2', 'B95909', 2, 'A10', 24, 60, 480],
    ['BM.GPU.A10.4', 'B95909', 4, 'A10', 24, 128, 1024, 7680],
    ['BM.GPU2.2', 'B88517', 2, 'P100', 16, 56, 192],
    ['BM.GPU3.8', 'B89734', 8, 'V100', 16, 104, 768],
    ['BM.GPU4.8', 'B92740', 8, 'A100', 40, 128, 2048, 27_200],
    ['BM.GPU.A100-v2.8', 'B95907', 8, 'A100', 80, 256, 2048, 27_200],
    ['BM.GPU.L40S.4', 'B109479', 4, 'L40S', 48, 224, 1024, 7680],
    ['BM.GPU.RTXPRO.8', 'B112613', 8, 'RTXPRO6000', 96, 288, 3072],
    ['BM.GPU.H100.8', 'B98415', 8, 'H100', 80, 224, 2048, 61_440],
    ['BM.GPU.H200.8', 'B110519', 8, 'H200', 141, 224, 3072, 30_720],
    ['BM.GPU.B200.8', 'B110978', 8, 'B200', 180, 256, 4096, 30_720],
    ['BM.GPU.B300.8', 'B112237', 8, 'B300', 270, 256, 4096],
    ['BM.GPU.GB200.4', 'B110979', 4, 'GB200', 186, 128, 960],
    ['BM.GPU.GB300.4', 'B112140', 4, 'GB300', 279, 144, 960],
    ['BM.GPU.MI300X.8', 'B109485', 8, 'MI300X', 192, 224, 2048, 30_720],
    ['BM.GPU.MI355X.8', 'B111758', 8, 'MI355X', 288, 256, 3072],
  ]),
]
