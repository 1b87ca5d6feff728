/** Answers about hardware, made by hand in the shape of Google's documentation. */
import type { Row } from '../../contract/importer-case.ts'

interface Extras {
  readonly accelerator?: readonly [name: string, count: number]
  readonly partitions?: number
  readonly architecture?: string
  readonly state?: string
}

const machine = (
  zone: string,
  name: string,
  guestCpus: number,
  memoryGib: number,
  extras: Extras = {},
): Row => ({
  name,
  zone,
  guestCpus,
  memoryMb: Math.round(memoryGib * 1024),
  ...(extras.architecture === undefined ? {} : { architecture: extras.architecture }),
  ...(extras.state === undefined ? {} : { deprecated: { state: extras.state } }),
  ...(extras.partitions === undefined
    ? {}
    : { bundledLocalSsds: { defaultInterface: 'NVME', partitionCount: extras.partitions } }),
  ...(extras.accelerator === undefined
    ? {}
    : {
        accelerators: [
          {
            guestAcceleratorType: extras.accelerator[0],
            guestAcceleratorCount: extras.accelerator[1],
          },
        ],
      }),
})

const a100 = 'nvidia-tesla-a100'
const rtx = 'nvidia-rtx-pro-6000'

type Made = readonly [name: string, cpus: number, memoryGib: number, extras: Extras]

const made: readonly Made[] = [
  ['a2-highgpu-1g', 12, 85, { accelerator: [a100, 1] }],
  ['a2-highgpu-8g', 96, 680, { accelerator: [a100, 8] }],
  ['a2-ultragpu-1g', 12, 170, { accelerator: ['nvidia-a100-80gb', 1], partitions: 1 }],
  ['a3-highgpu-1g', 26, 234, { accelerator: ['nvidia-h100-80gb', 1], partitions: 2 }],
  ['a3-highgpu-8g', 208, 1872, { accelerator: ['nvidia-h100-80gb', 8], partitions: 16 }],
  ['a3-ultragpu-8g', 224, 2952, { accelerator: ['nvidia-h200-141gb', 8], partitions: 32 }],
  ['a4-highgpu-8g', 224, 3968, { accelerator: ['nvidia-b200', 8], partitions: 32 }],
  ['a4x-highgpu-4g', 140, 884, { accelerator: ['nvidia-gb200', 4], partitions: 4 }],
  ['c2-standard-4', 4, 16, {}],
  ['c3-standard-4', 4, 16, { architecture: 'X86_64' }],
  ['c3-standard-4-lssd', 4, 16, { partitions: 1 }],
  ['e2-micro', 2, 1, {}],
  ['f1-micro', 1, 0.6, {}],
  ['g2-standard-4', 4, 16, { accelerator: ['nvidia-l4', 1] }],
  ['g2-standard-48', 48, 192, { accelerator: ['nvidia-l4', 4] }],
  ['g4-standard-6', 6, 22, { accelerator: [rtx, 1] }],
  ['g4-standard-48', 48, 180, { accelerator: [rtx, 1] }],
  ['m2-ultramem-208', 208, 5888, {}],
  ['n1-standard-4', 4, 15, {}],
  ['n1-standard-32', 32, 120, {}],
  ['n1-highmem-96', 96, 624, {}],
  ['t2a-standard-1', 1, 4, { architecture: 'ARM64' }],
  ['x4-megamem-960-metal', 960, 16384, {}],
  ['n1-standard-2', 2, 7.5, { state: 'DEPRECATED' }],
  ['ct6e-standard-4t', 180, 720, { accelerator: ['ct6e', 4] }],
  ['a9-highgpu-1g', 12, 85, {}],
]

export const iowa: readonly Row[] = made.map(([name, cpus, memoryGib, extras]) =>
  machine('us-central1-a', name, cpus, memoryGib, extras),
)

const accelerator = (zone: string, name: string, most: number): Row => ({
  name,
  zone: `https://www.googleapis.com/compute/v1/projects/p/zones/${zone}`,
  maximumCardsPerInstance: most,
})

export const iowaAccelerators: readonly Row[] = [
  accelerator('us-central1-a', 'nvidia-tesla-t4', 4),
  accelerator('us-central1-a', 'nvidia-tesla-t4-vws', 4),
  accelerator('us-central1-a', 'nvidia-tesla-v100', 2),
  // A zone without n1 machines.
  accelerator('us-central1-f', 'nvidia-tesla-p100', 4),
  accelerator('us-central1-a', a100, 16),
]

export const zoneTpus: Readonly<Record<string, readonly Row[]>> = {
  'us-central1-a': ['v5litepod-4', 'v5litepod-16', 'v6e-1', 'v2-8'].map((type) => ({
    name: `projects/p/locations/us-central1-a/acceleratorTypes/${type}`,
    type,
  })),
}
