/** Names of accelerators as drivers tell them: in labels of nodes, and in files of hosts. */
import { expect, test } from 'vitest'
import { gpuOf } from '#backends/kit/accelerators'

test.each([
  ['NVIDIA H100 80GB HBM3', 81559, 'H100', 80],
  ['NVIDIA B300 SXM6 AC', 275040, 'B300', 270],
  ['NVIDIA RTX 6000 Ada Generation', 49140, 'RTX6000Ada', 48],
  ['NVIDIA RTX 4000 SFF Ada Generation', 20475, 'RTX4000Ada', 20],
  ['AMD_Instinct_MI300X_OAM', undefined, 'MI300X', 192],
  ['NVIDIA GH200 480GB', 97871, 'GH200', 96],
  ['NVIDIA H100 PCIe', 81559, 'H100', 80],
])('%s with %s MiB is %s of %s GB', (told, memoryMib, name, gb) => {
  expect(gpuOf(told, memoryMib)).toMatchObject({ name, memoryMib: gb * 1024 })
})

test('what is no known model in no known size is none, whatever else its name says', () => {
  expect(gpuOf('NVIDIA ZX9000 80GB HBM3', 81920)).toBeNull()
  expect(gpuOf('NVIDIA H100 64GB HBM2', undefined)).toBeNull()
  expect(gpuOf('Generation', undefined)).toBeNull()
})
