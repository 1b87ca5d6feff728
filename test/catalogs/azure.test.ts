import { describe, expect, test } from 'vitest'
import { readSnapshot } from '#catalog/snapshot'
import type { InstanceType, Offer } from '#domain/offer'

const directory = new URL('../../catalogs', import.meta.url).pathname
const offers = readSnapshot(directory).find(({ backend }) => backend === 'azure')?.offers ?? []
const byId = new Map(offers.map((offer) => [offer.id, offer]))
const onDemand = offers.filter((offer) => !offer.spot)
const spot = offers.filter((offer) => offer.spot)

const meteredRegions = ['belgiumcentral', 'francecentral', 'northeurope', 'westeurope']

const usd = (id: string): number => (byId.get(`azure/${id}`)?.priceNanoUsd ?? NaN) / 1e9

const price = (offer: Offer): number => offer.priceNanoUsd ?? NaN

/** Family (`Eas_v5`) and vCPUs of the machine under it, constrained or not. */
const familyOf = (name: string): readonly [family: string, vcpus: number] => {
  const [, initials = '', vcpus = '', rest = ''] =
    /^Standard_([A-Z]+)(\d+)(?:-\d+)?(.*)$/.exec(name) ?? []
  return [initials + rest, Number(vcpus)]
}

/** `Eas_v5 eastus` -> the dollars per vCPU that its sizes cost there. */
const rates = new Map<string, number[]>()
for (const offer of onDemand) {
  const [family, vcpus] = familyOf(offer.instanceType.name)
  const key = `${family} ${offer.region}`
  rates.set(key, [...(rates.get(key) ?? []), price(offer) / 1e9 / vcpus])
}

const ratesOf = (family: string): (readonly [region: string, rates: readonly number[]])[] =>
  [...rates]
    .filter(([key]) => key.startsWith(`${family} `))
    .map(([key, found]) => [key.slice(family.length + 1), found])

describe('figures', () => {
  // Each stands in the price list of 2026-06 and in a second list of 2026-05.
  test.each([
    ['eastus/Standard_NC40ads_H100_v5/on-demand', 6.98],
    ['eastus/Standard_NC24ads_A100_v4/on-demand', 3.673],
    ['eastus/Standard_NC4as_T4_v3/on-demand', 0.526],
    ['eastus/Standard_ND96isr_H100_v5/on-demand', 98.32],
    ['eastus/Standard_ND96amsr_A100_v4/on-demand', 32.77],
    ['eastus/Standard_NV6ads_A10_v5/on-demand', 0.454],
    ['eastus/Standard_NV36ads_A10_v5/on-demand', 3.2],
    ['eastus/Standard_ND128isr_NDR_GB200_v6/on-demand', 108.16],
    ['eastus/Standard_D2s_v5/on-demand', 0.096],
    ['eastus/Standard_E16-4as_v5/on-demand', 0.904],
    ['swedencentral/Standard_ND96isr_MI300X_v5/on-demand', 67.2],
  ])('%s costs %d USD', (id, expected) => {
    expect(usd(id)).toBe(expected)
  })

  // Where the price list has the Windows price, some of it marked as confirmed.
  test.each([
    ['westeurope/Standard_E2as_v5/on-demand', 0.137, 0.229],
    ['westeurope/Standard_D96as_v5/on-demand', 4.992, 9.408],
    ['westeurope/Standard_B32s_v2/on-demand', 1.536, 1.683],
    ['northeurope/Standard_B4as_v2/on-demand', 0.163, 0.182],
    ['francecentral/Standard_D2as_v5/on-demand', 0.101, 0.193],
    ['westeurope/Standard_NCC40ads_H100_v5/on-demand', 8.9, 10.74],
  ])('%s costs %d USD, not %d', (id, linux) => {
    expect(usd(id)).toBe(linux)
  })

  // The meters of 2026-08 and a list of 2026-05 agree.
  test.each([
    ['westeurope/Standard_ND96isr_H100_v5/spot', 23.620397],
    ['westeurope/Standard_NCC40ads_H100_v5/spot', 1.64472],
    ['westeurope/Standard_ND96asr_v4/spot', 7.77854],
    ['westeurope/Standard_D96as_v5/spot', 0.922522],
    ['francecentral/Standard_D2as_v5/spot', 0.018665],
  ])('%s costs %d USD', (id, expected) => {
    expect(usd(id)).toBe(expected)
  })
})

const idsWhere = (among: readonly Offer[], wrong: (offer: Offer) => boolean): string[] =>
  among.filter(wrong).map(({ id }) => id)

describe('Linux prices', () => {
  // 0.046 USD per vCPU more is Windows: 45 to 160 % of these rates; 10 % for the burstable B sizes.
  test.each(['Das_v5', 'Dads_v5', 'Eas_v5', 'Eads_v5', 'Bs_v2', 'Bas_v2', 'Bps_v2'])(
    'every size of %s costs the same per vCPU in a region',
    (family) => {
      const found = ratesOf(family)
      const uneven = found.filter(
        ([, perVcpu]) => Math.max(...perVcpu) / Math.min(...perVcpu) > 1.02,
      )
      expect(found.length).toBeGreaterThan(20)
      expect(uneven).toEqual([])
    },
  )

  test.each([
    ['Das_v5', 'Ds_v5'],
    ['Dads_v5', 'Dds_v5'],
    ['Eas_v5', 'Es_v5'],
    ['Eads_v5', 'Eds_v5'],
  ])('%s is nowhere dearer than %s', (amd, intel) => {
    const found = ratesOf(amd)
    const dearer = found.filter(
      ([region, perVcpu]) =>
        !(Math.max(...perVcpu) <= Math.min(...(rates.get(`${intel} ${region}`) ?? [NaN]))),
    )
    expect(found.length).toBeGreaterThan(50)
    expect(dearer).toEqual([])
  })

  test('a size costs within a factor of three of its price in eastus', () => {
    const far = idsWhere(onDemand, (offer) => {
      const ratio = price(offer) / 1e9 / usd(`eastus/${offer.instanceType.name}/on-demand`)
      return ratio > 3 || ratio < 1 / 3
    })
    // Azure itself lists these at a tenth of what they cost elsewhere.
    const oddities = /^azure\/newzealandnorth\/Standard_F\d+ams_v6\/on-demand$/
    expect(far.filter((id) => !oddities.test(id))).toEqual([])
  })
})

describe('spot', () => {
  test('is known in the regions with meters only', () => {
    const regions = new Set(spot.map(({ region }) => region))
    expect(regions).toEqual(new Set(meteredRegions))
    expect(spot.length).toBeGreaterThan(4000)
  })

  test('is never above on-demand, nor below a tenth of it', () => {
    const wrong = idsWhere(spot, (offer) => {
      const share = price(offer) / 1e9 / usd(`${offer.id.slice('azure/'.length, -4)}on-demand`)
      return !(share > 0.1 && share <= 1)
    })
    expect(wrong).toEqual([])
  })
})

describe('machines', () => {
  const constrained = offers.filter(({ instanceType }) => instanceType.name.includes('-'))

  const typeByName = new Map(offers.map(({ instanceType }) => [instanceType.name, instanceType]))
  const parentOf = (name: string): InstanceType | undefined =>
    typeByName.get(name.replace(/-\d+/, ''))

  test('constrained sizes have the vCPUs after the dash', () => {
    const wrong = idsWhere(
      constrained,
      ({ instanceType: { name, cpus } }) => cpus !== Number(/-(\d+)/.exec(name)?.[1]),
    )
    expect(constrained.length).toBeGreaterThan(5000)
    expect(wrong).toEqual([])
  })

  test('constrained sizes have fewer vCPUs than the parent, and its memory', () => {
    const withParent = constrained.filter(({ instanceType }) => parentOf(instanceType.name))
    expect(withParent.length).toBeGreaterThan(5000)
    const wrong = idsWhere(withParent, ({ instanceType: { name, cpus, memoryMib } }) => {
      const parent = parentOf(name)
      return !parent || cpus >= parent.cpus || memoryMib !== parent.memoryMib
    })
    expect(wrong).toEqual([])
  })

  test('every N size has accelerators, and nothing else has', () => {
    const wrong = idsWhere(
      offers,
      ({ instanceType: { name, gpuCount } }) => name.startsWith('Standard_N') === (gpuCount === 0),
    )
    expect(wrong).toEqual([])
  })

  test('FPGA machines, hosts and the Basic tier are no offers', () => {
    const others = /^Standard_(NP|PB)\d|^Basic_|Type ?\d|^(?!Standard_)/
    expect(idsWhere(offers, ({ instanceType }) => others.test(instanceType.name))).toEqual([])
  })

  test('memory per vCPU is plausible', () => {
    const wrong = idsWhere(offers, ({ instanceType: { memoryMib, cpus } }) => {
      const gib = memoryMib / 1024 / cpus
      return !(gib >= 0.25 && gib <= 128)
    })
    expect(wrong).toEqual([])
  })

  test('only names with a small p, and GB200, are arm64', () => {
    const arm = new Set(
      onDemand
        .filter(({ instanceType }) => instanceType.architecture === 'arm64')
        .map(({ instanceType }) => familyOf(instanceType.name)[0]),
    )
    expect([...arm].filter((family) => !/^[BDE]p/.test(family))).toEqual(['NDisr_NDR_GB200_v6'])
    expect(arm).toContain('Dps_v5')
  })
})

describe('accelerators', () => {
  const cheapest = (region: string, gpu: string): number =>
    Math.min(
      ...onDemand
        .filter((offer) => offer.region === region && offer.instanceType.gpu?.name === gpu)
        .map((offer) => price(offer) / offer.instanceType.gpuCount),
    )

  test('an H100 of an NC size is an NVL with 94 GB', () => {
    const nc = offers.filter(({ instanceType }) =>
      /^Standard_NCC?\d.*_H100_/.test(instanceType.name),
    )
    expect(nc.length).toBeGreaterThan(50)
    const wrong = idsWhere(
      nc,
      ({ instanceType: { gpu } }) => gpu?.name !== 'H100NVL' || gpu.memoryMib !== 94 * 1024,
    )
    expect(wrong).toEqual([])
  })

  test.each([
    ['A10', [6, 3, 2]],
    ['MI25', [8, 4, 2]],
  ])('a smaller part of %s costs less than a larger one', (name, denominators) => {
    const models = [...denominators.map((one) => `${name}-1/${one}`), name]
    const found = models.map((gpu) => cheapest('eastus', gpu))
    expect(found.filter((one) => !Number.isFinite(one))).toEqual([])
    expect(found).toEqual(found.toSorted((left, right) => left - right))
  })

  test('a part of a card is one accelerator', () => {
    const parts = offers.filter(({ instanceType }) => instanceType.gpu?.name.includes('-1/'))
    expect(parts.length).toBeGreaterThan(200)
    expect(idsWhere(parts, ({ instanceType }) => instanceType.gpuCount !== 1)).toEqual([])
  })

  test('an accelerator costs what one can cost', () => {
    const machines = onDemand.filter(({ instanceType }) => instanceType.gpuCount > 0)
    const wrong = idsWhere(machines, (offer) => {
      const each = price(offer) / 1e9 / offer.instanceType.gpuCount
      return !(each >= 0.1 && each <= 60)
    })
    expect(machines.length).toBeGreaterThan(900)
    expect(wrong).toEqual([])
  })
})
