import { expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import { fixedShapes, flexibleShapes } from '#backends/oci/shapes'
import { gpuShapes } from '#backends/oci/gpu-shapes'
import { oci } from '#backends/oci/backend'
import { ociRegions } from '#backends/oci/regions'
import { gpuOf } from '#backends/kit/accelerators'
import { type Row, rowsUnder } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { ociCase } from './oci-case.ts'

/** The offers of the list with some of its products changed. */
const offersWith = async (change: (products: Row[]) => void) => {
  const { collected } = await runImporter(ociCase, (asked) => {
    const answer = ociCase.world(asked)
    change(rowsUnder(answer, 'items') ?? [])
    return { body: JSON.stringify(answer) }
  })
  return { collected, byId: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

const asItIs = () => offersWith(() => undefined)

test('the free first tier of A1 is not its price', async () => {
  const { byId } = await asItIs()
  // 1 OCPU at 0.01 and 2 GB at 0.0015.
  expect(byId.get('oci/us-ashburn-1/VM.Standard.A1.Flex.1o.2g/on-demand')?.priceNanoUsd).toBe(
    13_000_000,
  )
})

test('an OCPU is two vCPUs, and one of Ampere Altra', async () => {
  const { byId } = await asItIs()
  const cpusOf = (name: string) => byId.get(`oci/us-ashburn-1/${name}/on-demand`)?.instanceType.cpus
  expect(cpusOf('VM.Standard.E4.Flex.4o.32g')).toBe(8)
  expect(cpusOf('VM.Standard.A1.Flex.4o.16g')).toBe(4)
  expect(cpusOf('VM.Standard.E2.4')).toBe(8)
})

test('hosts of A10 and A100 are no Arm machines, Ampere is', async () => {
  const { byId } = await asItIs()
  const architectureOf = (name: string) =>
    byId.get(`oci/us-ashburn-1/${name}/on-demand`)?.instanceType.architecture
  expect(architectureOf('VM.GPU.A10.1')).toBe('x86_64')
  expect(architectureOf('BM.GPU4.8')).toBe('x86_64')
  expect(architectureOf('VM.Standard.A1.Flex.1o.4g')).toBe('arm64')
})

test('accelerators are priced each, their CPUs and memory are in that price', async () => {
  const { byId } = await asItIs()
  const priceOf = (name: string) => byId.get(`oci/us-ashburn-1/${name}/on-demand`)?.priceNanoUsd
  expect(priceOf('VM.GPU.A10.1')).toBe(2_000_000_000)
  expect(priceOf('BM.GPU.A10.4')).toBe(8_000_000_000)
})

test('bare metal and A10 are never preemptible; what is costs half', async () => {
  const { collected, byId } = await asItIs()
  const spot = collected.offers.filter((offer) => offer.spot)
  expect(spot.filter(({ instanceType: { name } }) => /^BM|A10/.test(name))).toEqual([])
  expect(spot.length).toBeGreaterThan(0)
  const priced = ({ priceNanoUsd }: Offer) => priceNanoUsd ?? 0
  for (const offer of spot) {
    const full = byId.get(offer.id.replace(/spot$/, 'on-demand'))
    expect(priced(offer) * 2, offer.id).toBe(full?.priceNanoUsd)
  }
})

test('a shape whose part is not in the list is rejected and counted', async () => {
  const { collected } = await asItIs()
  expect(collected.rejects).toContainEqual({ reason: 'a part without price', row: 'BM.GPU.H200.8' })
  expect(collected.offers.filter(({ id }) => id.includes('H200'))).toEqual([])
})

test('a shape without the price of its memory is no cheaper one', async () => {
  const { collected } = await offersWith((products) => {
    const at = products.findIndex((row) => row['partNumber'] === 'B93114')
    products.splice(at, 1)
  })
  expect(collected.offers.filter(({ id }) => id.includes('E4'))).toEqual([])
})

test('a part that is sold by another unit prices nothing', async () => {
  const { collected } = await offersWith((products) => {
    for (const row of products)
      if (row['partNumber'] === 'B98415') row['metricName'] = 'Node Per Hour'
  })
  expect(collected.offers.filter(({ id }) => id.includes('H100'))).toEqual([])
})

test('prices of another currency are not read as dollars', async () => {
  const { collected } = await offersWith((products) => {
    for (const row of products) {
      for (const one of rowsUnder(row, 'currencyCodeLocalizations') ?? [])
        one['currencyCode'] = 'INR'
    }
  })
  expect(collected.offers).toEqual([])
})

/** The price of one H100 of eight, with these tiers and rows in place of the list's. */
const h100At = async (...rows: (readonly Row[])[]) => {
  const { byId } = await offersWith((products) => {
    const at = products.findIndex((row) => row['partNumber'] === 'B98415')
    const product = products[at]
    const made = rows.map((prices) => ({
      ...product,
      currencyCodeLocalizations: [{ currencyCode: 'USD', prices }],
    }))
    products.splice(at, 1, ...made)
  })
  return (byId.get('oci/us-ashburn-1/BM.GPU.H100.8/on-demand')?.priceNanoUsd ?? 0) / 8e9
}

const tier = (value: number, model = 'PAY_AS_YOU_GO') => ({ model, value })

test('of several tiers, and of a part that is there twice, the dearest counts', async () => {
  for (const [one, other] of [
    [7, 9],
    [9, 7],
  ] as const) {
    expect(await h100At([tier(one), tier(other)])).toBe(9)
    expect(await h100At([tier(one)], [tier(other)])).toBe(9)
  }
})

test('a price of another model than pay-as-you-go is none', async () => {
  expect(await h100At([tier(7), tier(9, 'MONTHLY_COMMIT')])).toBe(7)
  expect(await h100At([tier(9, 'MONTHLY_COMMIT')])).toBe(0)
})

test('half of an odd price is rounded up', async () => {
  const { byId } = await offersWith((products) => {
    for (const row of products) {
      if (row['partNumber'] !== 'B89734') continue
      row['currencyCodeLocalizations'] = [{ currencyCode: 'USD', prices: [tier(2.950000001)] }]
    }
  })
  expect(byId.get('oci/us-ashburn-1/VM.GPU3.1/spot')?.priceNanoUsd).toBe(1_475_000_001)
})

test('a list that goes on is incomplete', async () => {
  const { collected } = await runImporter(ociCase, (asked) => ({
    body: JSON.stringify({ ...Object(ociCase.world(asked)), hasMore: true }),
  }))
  expect(collected.sealed).toMatchObject({ why: ['products: the last page is missing'] })
})

test('the importer that is listed offers every region', async () => {
  const { collected } = await runImporter({ ...ociCase, backend: oci })
  const regions = new Set(collected.offers.map(({ region }) => region))
  expect(regions).toEqual(new Set(ociRegions))
})

test('every accelerator of a shape is one that is known, and no name is there twice', () => {
  for (const { name, gpu, gpuGib } of gpuShapes) {
    expect(gpuOf(gpu, gpuGib * 1024)?.memoryMib, name).toBe(gpuGib * 1024)
  }
  const names = [...flexibleShapes, ...fixedShapes, ...gpuShapes].map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
