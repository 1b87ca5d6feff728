import { describe, expect, test } from 'vitest'
import { acceleratorsOf } from '../../scripts/embed/azure-gpus.ts'
import { meterKey, sizeKey } from '../../scripts/embed/azure-spelling.ts'
import { isKnownGpu } from '../../scripts/embed/check.ts'

describe('spelling', () => {
  test.each([
    ['Standard_D2s_v5', 'D2s v5', 'Virtual Machines Dsv5 Series'],
    ['Standard_D2s_v5', 'Standard_D2s_v5 Spot', 'Virtual Machines Dsv5 Series'],
    ['Standard_E16-4as_v5', 'E16-4as v5', 'Virtual Machines Easv5 Series'],
    ['Standard_HB120-16rs_v3', 'HB120-16rs_v3 Spot', 'Virtual Machines HBrsv3 Series'],
    ['Standard_DC16s_v3', 'standard_DC16s_v3', 'DCsv3 Series Linux'],
    ['Standard_DC24ds_v3', 'standard_D24ds_v3', 'DCdsv3 Series Linux'],
    ['Standard_M416s_8_v2', 'M416_8_v2', 'Virtual Machines MSv2 Series'],
    ['Standard_ND96asr_v4', 'ND96asr_A100_v4', 'Virtual Machines NDasr A100 v4 Series'],
    ['Standard_ND96amsr_A100_v4', 'Standard_ND96amsr_A100_v4 Spot', 'NDamsr A100 v4 Series Linux'],
    ['Standard_NCC40ads_H100_v5', 'NCC40adsH100v5', 'Virtual Machines NCCadsv5 Srs'],
    ['Standard_NG8ads_V620_v1', 'NG8adsV620', 'Virtual Machines NGadsV620v1 Series'],
    ['Standard_NC36lds_xl_RTXPRO6000BSE_v6', 'NC36ldsxlRTX6kv6', 'Virtual Machines NCldsxlRTX6kv6'],
    ['Standard_D2_v2_Promo', 'D2 v2', 'Virtual Machines Dv2 promo Series'],
    ['Standard_NC6_Promo', 'NC6', 'Virtual Machines NC Promo Series'],
  ])('%s is metered as %s', (name, skuName, productName) => {
    expect(meterKey(skuName, productName)).toBe(sizeKey(name))
  })

  test.each([
    ['Standard_ND96amsr_A100_v4', 'ND96amsA100v4'],
    ['Standard_ND96asr_v4', 'ND96asrA100v4_NU'],
    ['Standard_E16as_v5', 'E16-4as v5'],
    ['Standard_D2s_v5', 'DS2 v5'],
    ['Standard_NC36ds_xl_RTXPRO6000BSE_v6', 'NC36ldsxlRTX6kv6'],
    ['Standard_D2_v2', 'D2 v3'],
  ])('%s is not metered as %s', (name, skuName) => {
    expect(meterKey(skuName, 'Virtual Machines')).not.toBe(sizeKey(name))
  })
})

describe('accelerators', () => {
  test.each([
    ['Standard_NC6s_v3', 'V100', 16, 1],
    ['Standard_NC24rs_v3', 'V100', 16, 4],
    ['Standard_ND40rs_v2', 'V100', 32, 8],
    ['Standard_NC16as_T4_v3', 'T4', 16, 1],
    ['Standard_NC64as_T4_v3', 'T4', 16, 4],
    ['Standard_NC24ads_A100_v4', 'A100', 80, 1],
    ['Standard_ND96asr_v4', 'A100', 40, 8],
    ['Standard_ND96amsr_A100_v4', 'A100', 80, 8],
    ['Standard_NC40ads_H100_v5', 'H100NVL', 94, 1],
    ['Standard_NC80adis_H100_v5', 'H100NVL', 94, 2],
    ['Standard_NCC40ads_H100_v5', 'H100NVL', 94, 1],
    ['Standard_ND96isr_H100_v5', 'H100', 80, 8],
    ['Standard_ND96isr_H200_v5', 'H200', 141, 8],
    ['Standard_ND96is_MI300X_v5', 'MI300X', 192, 8],
    ['Standard_ND128isr_NDR_GB200_v6', 'GB200', 186, 4],
    ['Standard_NV12s_v3', 'M60', 8, 1],
    ['Standard_NV6ads_A10_v5', 'A10-1/6', 4, 1],
    ['Standard_NV12ads_A10_v5', 'A10-1/3', 8, 1],
    ['Standard_NV18ads_A10_v5', 'A10-1/2', 12, 1],
    ['Standard_NV36adms_A10_v5', 'A10', 24, 1],
    ['Standard_NV72ads_A10_v5', 'A10', 24, 2],
    ['Standard_NV4as_v4', 'MI25-1/8', 2, 1],
    ['Standard_NV32as_v4', 'MI25', 16, 1],
    ['Standard_NG8ads_V620_v1', 'V620-1/4', 8, 1],
    ['Standard_NV4ads_V710_v5', 'V710-1/6', 4, 1],
    ['Standard_NV28adms_V710_v5', 'V710', 24, 1],
    ['Standard_NC24lds_xl_RTXPRO6000BSE_v6', 'RTXPRO6000-1/4', 24, 1],
    ['Standard_NC72ds_xl_RTXPRO6000BSE_v6', 'RTXPRO6000-1/2', 48, 1],
    ['Standard_NC288ds_xl_RTXPRO6000BSE_v6', 'RTXPRO6000', 96, 2],
  ])('%s carries %s of %d GB, %d of them', (size, name, memoryGb, gpuCount) => {
    const accelerators = acceleratorsOf(size)
    expect(accelerators).toMatchObject({
      kind: 'gpu',
      gpu: { name, memoryMib: memoryGb * 1024 },
      gpuCount,
    })
    expect(accelerators.kind === 'gpu' && isKnownGpu(accelerators.gpu)).toBe(true)
  })

  test('makers and capabilities come from the table', () => {
    expect(acceleratorsOf('Standard_NV4as_v4')).toMatchObject({ gpu: { vendor: 'amd' } })
    expect(acceleratorsOf('Standard_NV6ads_A10_v5')).toMatchObject({
      gpu: { vendor: 'nvidia', computeCapability: [8, 6] },
    })
  })

  test('other sizes carry none', () => {
    expect(acceleratorsOf('Standard_D2s_v5')).toEqual({ kind: 'none' })
  })

  test('a size of a known series that the series does not list stays unknown', () => {
    expect(acceleratorsOf('Standard_NC128ds_xl_RTXPRO6000BSE_v6')).toEqual({ kind: 'unknown' })
  })
})
