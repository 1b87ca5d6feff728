import { describe, expect, test } from 'vitest'
import { colourStyle, plainStyle } from '#cli/style'
import { printOffersTable } from '#cli/tables/offers-table'
import { textWidth } from '#cli/text-width'
import { anA100, anOffer, noonMs } from '../builders.ts'

const table = (offers: Parameters<typeof printOffersTable>[0], width: number | null = null) =>
  printOffersTable(offers, { nowMs: noonMs, width, style: plainStyle })

const gpuOffers = [
  anOffer({
    backend: 'runpod',
    region: null,
    spot: true,
    priceNanoUsd: 1_190_000_000,
    instanceType: { name: 'NVIDIA A100 80GB PCIe', gpu: anA100, cpus: 8, memoryMib: 117 * 1024 },
  }),
  anOffer({
    backend: 'azure',
    region: 'southafricanorth',
    priceNanoUsd: 3_673_000_000,
    observedAt: '2025-09-09T00:00:00Z',
    instanceType: {
      name: 'Standard_NC24ads_A100_v4',
      gpu: anA100,
      cpus: 24,
      memoryMib: 220 * 1024,
    },
  }),
  anOffer({
    backend: 'gcp',
    region: 'us-central1',
    priceNanoUsd: null,
    instanceType: { name: 'a2-ultragpu-1g', gpu: anA100, cpus: 12, memoryMib: 170 * 1024 },
  }),
]

describe('one line an offer', () => {
  test('a pipe gets every column', () => {
    expect(table(gpuOffers)).toMatchInlineSnapshot(`
      "#  BACKEND  REGION            INSTANCE TYPE             RESOURCES    GPU          SPOT    $/H  AGE
      1  runpod   ?                 NVIDIA A100 80GB PCIe     8cpu 117GB   1×A100 80GB  spot  1.190  3h
      2  azure    southafricanorth  Standard_NC24ads_A100_v4  24cpu 220GB  1×A100 80GB  -     3.673  4mo stale
      3  gcp      us-central1       a2-ultragpu-1g            12cpu 170GB  1×A100 80GB  -         ?  3h"
    `)
  })

  test('without GPUs there is no such column', () => {
    expect(table([anOffer()])).toMatchInlineSnapshot(`
      "#  BACKEND  REGION     INSTANCE TYPE  RESOURCES  SPOT    $/H  AGE
      1  aws      us-east-1  m5.xlarge      4cpu 16GB  -     0.192  3h"
    `)
  })

  test('100 columns drop the age and say how old the prices are', () => {
    expect(table(gpuOffers, 100)).toMatchInlineSnapshot(`
      "#  BACKEND  REGION            INSTANCE TYPE             RESOURCES    GPU          SPOT    $/H
      1  runpod   ?                 NVIDIA A100 80GB PCIe     8cpu 117GB   1×A100 80GB  spot  1.190
      2  azure    southafricanorth  Standard_NC24ads_A100_v4  24cpu 220GB  1×A100 80GB  -     3.673
      3  gcp      us-central1       a2-ultragpu-1g            12cpu 170GB  1×A100 80GB  -         ?
      Stale: 1 of 3 prices, 4mo old."
    `)
  })

  test('76 columns cut the region, after age and resources are gone', () => {
    expect(table(gpuOffers, 76)).toMatchInlineSnapshot(`
      "#  BACKEND  REGION        INSTANCE TYPE             GPU          SPOT    $/H
      1  runpod   ?             NVIDIA A100 80GB PCIe     1×A100 80GB  spot  1.190
      2  azure    southafrica…  Standard_NC24ads_A100_v4  1×A100 80GB  -     3.673
      3  gcp      us-central1   a2-ultragpu-1g            1×A100 80GB  -         ?
      Stale: 1 of 3 prices, 4mo old."
    `)
  })
})

test('40 columns take lines of their own for the instance type and the GPU', () => {
  expect(table(gpuOffers, 40)).toMatchInlineSnapshot(`
    "#  BACKEND  REGION           SPOT    $/H
       INSTANCE TYPE             GPU
    1  runpod   ?                spot  1.190
       NVIDIA A100 80GB PCIe     1×A100 80GB
    2  azure    southafricanor…  -     3.673
       Standard_NC24ads_A100_v4  1×A100 80GB
    3  gcp      us-central1      -         ?
       a2-ultragpu-1g            1×A100 80GB
    Stale: 1 of 3 prices, 4mo old."
  `)
})

const longest = anOffer({
  backend: 'azure',
  region: 'germanywestcentral',
  instanceType: { name: 'Standard_NC48lds_xl_RTXPRO6000BSE_v6', gpu: anA100, gpuCount: 1 },
})

test.each([40, 60, 80, 100, 120, 200])('nothing passes %i columns, nor is a name cut', (width) => {
  const printed = table([...gpuOffers, longest], width)
  for (const line of printed.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width)
  for (const { instanceType } of [...gpuOffers, longest])
    expect(printed).toContain(instanceType.name)
  for (const price of ['0.192', '1.190', '3.673', '?']) expect(printed).toContain(price)
})

test('10,000 offers keep their columns', () => {
  const offers = Array.from({ length: 10_000 }, (_, index) =>
    anOffer({ instanceType: { name: `type-${index}` }, priceNanoUsd: (index + 1) * 1_000_000 }),
  )
  const lines = table(offers, 80).split('\n')
  expect(lines).toHaveLength(10_001)
  expect(lines[1]).toMatch(/^ {4}1 {2}aws {6}us-east-1 {2}type-0 /)
  expect(lines[10_000]).toMatch(/^10000 {2}aws/)
  expect(new Set(lines.map((line) => line.indexOf('us-east-1')))).toHaveLength(2)
})

test('colour adds no word and hides none', () => {
  const coloured = printOffersTable(gpuOffers, { nowMs: noonMs, width: 80, style: colourStyle })
  expect(coloured).toContain('\u001b[32mspot\u001b[39m')
  // oxlint-disable-next-line no-control-regex
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(table(gpuOffers, 80))
})
