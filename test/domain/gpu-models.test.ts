import { describe, expect, test } from 'vitest'
import { findGpu, gpuModels, gpusNamed, isSuperchip, sliceOf } from '#domain/gpu-models'

const plain = (text: string): string => text.toLowerCase().replace(/[\s_()-]/g, '')

describe('the table', () => {
  test('no two models share a name and a size', () => {
    const keys = gpuModels.map(({ name, memoryMib }) => `${plain(name)} ${memoryMib}`)
    expect(keys.length - new Set(keys).size).toBe(0)
  })

  test('no spelling leads to two names', () => {
    const names = new Map<string, Set<string>>()
    for (const { name, aliases } of gpuModels)
      for (const spelling of [name, ...aliases])
        names.set(plain(spelling), (names.get(plain(spelling)) ?? new Set()).add(name))
    const doubtful = [...names].filter(([, leadsTo]) => leadsTo.size > 1)
    expect(doubtful).toEqual([])
  })

  test('the sizes of a name are more than twice the tolerance apart', () => {
    const close = gpuModels.filter((model) =>
      gpusNamed(model.name).some(
        ({ memoryMib }) => memoryMib > model.memoryMib && memoryMib < model.memoryMib * 1.16,
      ),
    )
    expect(close).toEqual([])
  })

  test('every spelling finds its model when the size is said', () => {
    const lost = gpuModels.flatMap((model) =>
      [model.name, ...model.aliases].filter(
        (spelling) => findGpu(spelling.toUpperCase(), model.memoryMib) !== model,
      ),
    )
    expect(lost).toEqual([])
  })

  test('NVIDIA models have a compute capability, others none', () => {
    const odd = gpuModels.filter(
      ({ vendor, computeCapability }) => (vendor === 'nvidia') !== (computeCapability !== null),
    )
    expect(odd).toEqual([])
  })

  test('sizes are whole MiB above zero', () => {
    const odd = gpuModels.filter(({ memoryMib }) => !(Number.isInteger(memoryMib) && memoryMib > 0))
    expect(odd).toEqual([])
  })
})

describe('figures of the makers', () => {
  test.each([
    ['MI325X', 'amd', 256, null],
    ['MI308X', 'amd', 192, null],
    ['MI300X', 'amd', 192, null],
    ['B200', 'nvidia', 180, [10, 0]],
    ['B300', 'nvidia', 270, [10, 3]],
    ['GB300', 'nvidia', 279, [10, 3]],
    ['H100NVL', 'nvidia', 94, [9, 0]],
    ['T4g', 'nvidia', 16, [7, 5]],
    ['L40S', 'nvidia', 48, [8, 9]],
    ['Inferentia', 'aws', 8, null],
    ['Inferentia2', 'aws', 32, null],
    ['Trainium', 'aws', 32, null],
    ['Trainium2', 'aws', 96, null],
    ['Gaudi2', 'intel', 96, null],
    ['AI100', 'qualcomm', 16, null],
    ['v5litepod', 'google', 16, null],
    ['n150', 'tenstorrent', 12, null],
  ])('%s of %s: %i GB', (name, vendor, memoryGb, computeCapability) => {
    expect(findGpu(name)).toMatchObject({
      name,
      vendor,
      memoryMib: memoryGb * 1024,
      computeCapability,
    })
  })

  test('kinds are told apart', () => {
    const kinds = ['H100', 'MI300X', 'v6e', 'Trainium', 'Gaudi3'].map((name) => findGpu(name)?.kind)
    expect(kinds).toEqual(['gpu', 'gpu', 'tpu', 'npu', 'npu'])
  })
})

describe('finding a model', () => {
  test.each([
    ['rtx 4090', 'RTX4090', 24],
    ['NVIDIA GeForce RTX 4090', 'RTX4090', 24],
    ['Tesla T4', 'T4', 16],
    ['A100-80GB', 'A100', 80],
    ['NVIDIA A100-SXM4-40GB', 'A100', 40],
    ['A100 (40 GB SXM4)', 'A100', 40],
    ['nvidia-tesla-a100', 'A100', 40],
    ['nvidia-h100-mega-80gb', 'H100', 80],
    ['H100-80G-PCIe-NVLink', 'H100', 80],
    ['H100 NVL', 'H100NVL', 94],
    ['nvidia_rtx4000_ada', 'RTX4000Ada', 20],
    ['RTX PRO Server 6000', 'RTXPRO6000', 96],
    ['RTX 6000', 'RTX6000', 24],
    ['RTX 6000Ada', 'RTX6000Ada', 48],
    ['Radeon Pro V520', 'V520', 8],
    ['MI355X_288GB', 'MI355X', 288],
    ['v5e', 'v5litepod', 16],
  ])('%s', (spelling, name, memoryGb) => {
    expect(findGpu(spelling)).toMatchObject({ name, memoryMib: memoryGb * 1024 })
  })

  test.each([
    ['V100', 16_160, 16],
    ['V100', 32_768, 32],
    ['A10G', 22_888, 24],
    ['L4', 22_888, 24],
    ['B200', 183_359, 180],
    ['B300', 275_040, 270],
    ['H200', 143_771, 141],
    ['RTX4060Ti', 16_380, 16],
  ])('%s as a machine reports it, %i MiB', (name, memoryMib, memoryGb) => {
    expect(findGpu(name, memoryMib)?.memoryMib).toBe(memoryGb * 1024)
  })

  test.each(['A100', 'V100', 'RTX 3060', 'p300'])('%s alone may be either size', (name) => {
    expect(findGpu(name)).toBeNull()
    expect(gpusNamed(name).length).toBeGreaterThan(1)
  })

  test.each([
    ['no model', 'nope', undefined],
    ['no text', '', undefined],
    ['a memory no A100 has', 'A100', 61_440],
    ['a slice', 'A100-SXM4-80GB-MIG-1g.10gb', undefined],
    ['a laptop card', 'RTX 3060 laptop', undefined],
    ['a card with memory that its maker never put on it', 'RTX 4090 (48 GB mod)', undefined],
    ['a size in the name that the model does not have', 'L40 40GB', undefined],
  ])('%s is no model', (_, name, memoryMib) => {
    expect(findGpu(name, memoryMib)).toBeNull()
  })
})

describe('a slice', () => {
  test('is a model of its own, with its part of the memory', () => {
    const card = findGpu('A10')
    const slice = card && sliceOf(card, 6)
    expect(slice).toEqual({
      name: 'A10-1/6',
      vendor: 'nvidia',
      memoryMib: 4096,
      computeCapability: [8, 6],
    })
    expect(findGpu('A10-1/6')).toBeNull()
  })

  test('rounds its memory down to whole MiB', () => {
    const card = findGpu('H200')
    expect(card && sliceOf(card, 7).memoryMib).toBe(20_626)
  })
})

test("superchips are told by name, and every one of the table is NVIDIA's", () => {
  expect(['GH200', 'gb300', 'H100', 'GBX', 'B200'].map(isSuperchip)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
  const others = gpuModels.filter(({ name, vendor }) => isSuperchip(name) && vendor !== 'nvidia')
  expect(others).toEqual([])
})
