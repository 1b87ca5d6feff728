import { expect, test } from 'vitest'
import { knownMachines } from '#backends/gcp/known-machines'
import { localSsdGib } from '#backends/gcp/local-disks'
import { rateOf, regionRates } from '#backends/gcp/rates'
import { sumOfParts } from '#backends/gcp/sum'
import { regionOfZone } from '#backends/gcp/fetch-pages'
import { isRow, type Row, rowsUnder } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import type { Asked } from '../../contract/scripted-server.ts'
import { gcpCase, keyCase, knownTypes } from './gcp-case.ts'

/** The good world with its rows changed, or left out. */
const runWith = (change: (row: Row) => Row | null, one = gcpCase) =>
  runImporter(one, (asked, good) => {
    const answer = structuredClone(one.world(asked))
    const rows = one.rowsOf(answer)
    if (!rows) return good()
    const kept = rows.map(change).filter((row) => row !== null)
    rows.splice(0, rows.length, ...kept)
    return { body: JSON.stringify(answer) }
  })

const described = ({ description }: Row): string =>
  typeof description === 'string' ? description : ''

const good = await runImporter(gcpCase)
const { offers, rejects } = good.collected
const priceOf = (id: string): number | null | undefined =>
  offers.find((offer) => offer.id === `gcp/${id}`)?.priceNanoUsd
const reasonsOf = (name: string): readonly string[] =>
  rejects.filter(({ row }) => row === name).map(({ reason }) => reason)

test('the three recorded A2 SKUs give the published price of a2-highgpu-1g to the nano', () => {
  expect(12 * 31_611_000 + 85 * 4_237_000 + 2_933_908_000).toBe(3_673_385_000)
  expect(priceOf('us-central1/a2-highgpu-1g/on-demand')).toBe(3_673_385_000)
  expect(priceOf('us-central1/a2-highgpu-8g/on-demand')).toBe(29_387_080_000)
})

test('1: families are found by the spelling of their SKUs, however irregular', () => {
  expect(priceOf('us-central1/c2-standard-4/on-demand')).toBe(208_808_000)
  // The same family under its other name.
  expect(priceOf('europe-west1/c2-standard-4/on-demand')).toBe(4 * 40_000_000 + 16 * 5_000_000)
  const m1 = 208n * 34_800_000n + 5888n * 5_100_000n
  const premium = 208n * 4_524_000n + 5888n * 663_000n
  expect(priceOf('us-central1/m2-ultramem-208/on-demand')).toBe(Number(m1 + premium))
  // A quarter of a vCPU is paid for, and no more is offered.
  const micro = offers.find(({ id }) => id === 'gcp/us-central1/e2-micro/on-demand')
  expect(micro?.instanceType.cpus).toBe(0.25)
  expect(priceOf('us-central1/f1-micro/on-demand')).toBe(7_600_000)
  expect(priceOf('us-central1/g4-standard-48/on-demand')).toBe(4_499_930_000)
})

test('1: H100 Mega is sold as "Mega" and as "Plus", and A3 Mega has vCPUs of its own price', async () => {
  const named = async (label: string) => {
    const run = await runWith((row) => {
      const text = described(row)
      if (row['name'] === 'a3-highgpu-8g') {
        return {
          ...row,
          name: 'a3-megagpu-8g',
          accelerators: [
            { guestAcceleratorType: 'nvidia-h100-mega-80gb', guestAcceleratorCount: 8 },
          ],
        }
      }
      if (text.startsWith('Nvidia H100'))
        return { ...row, description: text.replace('Nvidia H100 80GB GPU', label) }
      return text.includes('A3 Instance')
        ? { ...row, description: text.replace('A3', 'A3Plus') }
        : row
    })
    return run.collected.offers.filter(({ instanceType }) => instanceType.name === 'a3-megagpu-8g')
  }
  const mega = await named('Nvidia H100 80GB Mega GPU')
  expect(mega.map(({ spot }) => spot)).toEqual([false, true])
  expect(await named('Nvidia H100 80GB Plus GPU')).toEqual(mega)
  expect(await named('Nvidia H100 80GB Max GPU')).toEqual([])
})

test('2: sole tenancy, reservations, commitments, custom machines and schedules are no prices', async () => {
  const without = await runWith((row) => {
    const isDecoy = (row['pricingInfo'] as Row[] | undefined)?.some((info) =>
      JSON.stringify(info).includes('"units":"9","nanos":0'),
    )
    return isDecoy === true ? null : row
  })
  expect(without.collected.offers).toEqual(offers)
  expect(without.collected.pages[0]?.rows).toBeLessThan(good.collected.pages[0]?.rows ?? 0)
})

test('3: a slice of a B200 is all that an A4 costs', () => {
  expect(priceOf('us-central1/a4-highgpu-8g/spot')).toBe(8 * 4_954_200_000)
})

test('4: a4, a4x, a3-ultragpu and a3-highgpu below 8 are not to be had on demand', () => {
  const reason = 'GPU machine not to be had on demand'
  for (const name of ['a4-highgpu-8g', 'a4x-highgpu-4g', 'a3-ultragpu-8g', 'a3-highgpu-1g']) {
    expect(priceOf(`us-central1/${name}/on-demand`), name).toBeUndefined()
    expect(reasonsOf(name), name).toContain(reason)
  }
  expect(priceOf('us-central1/a3-highgpu-1g/spot')).toBeGreaterThan(0)
  expect(priceOf('us-central1/a3-highgpu-8g/on-demand')).toBeGreaterThan(0)
})

test('5: a region is compared as a whole: us-east10 is not us-east1', async () => {
  const run = await runWith((row) =>
    Array.isArray(row['serviceRegions']) && row['serviceRegions'].length === 1
      ? { ...row, serviceRegions: ['us-central10'] }
      : row,
  )
  const here = run.collected.offers.filter(({ region }) => region === 'us-central1')
  expect(here.some(({ instanceType }) => instanceType.name.startsWith('t2a'))).toBe(false)
  expect(here.some(({ instanceType }) => instanceType.name === 'a2-highgpu-1g')).toBe(true)
  expect(regionOfZone('us-east10-b')).toBe('us-east10')
  expect(regionOfZone('us-central1-ai1a')).toBe('us-central1')
})

test('6: TPUs are priced by the chip, old ones by the host, and pods are not sold by the host', () => {
  expect(priceOf('us-central1/v5litepod-4/on-demand')).toBe(4 * 1_200_000_000)
  expect(priceOf('us-central1/v2-8/on-demand')).toBe(4_500_000_000)
  // Spot by its description, on demand by its usage type.
  expect(priceOf('us-central1/v2-8/spot')).toBe(1_350_000_000)
  expect(reasonsOf('v5litepod-16')).toEqual(['TPU of several hosts, or of no price of its own'])
  const chip = offers.find(({ id }) => id.includes('/v5litepod-4/'))?.instanceType
  expect(chip).toMatchObject({ gpuCount: 4, gpu: { vendor: 'google', memoryMib: 16 * 1024 } })
})

const isTpuZone = ({ path }: Asked): boolean => path.includes('/locations/us-central1-a/')

test('6: a zone that answers without TPUs is asked once more', async () => {
  let asked = 0
  const run = await runImporter(gcpCase, (one, reply) => {
    if (!isTpuZone(one) || asked++ > 0) return reply()
    return { body: '{}' }
  })
  expect(asked).toBe(2)
  expect(run.collected.offers).toEqual(offers)
})

test('6: prices of TPUs are read from every page of their list', async () => {
  const pages = new Set<string>()
  const run = await runImporter(gcpCase, (asked, reply) => {
    const answer = gcpCase.world(asked)
    const rows = rowsUnder(answer, 'skus')
    if (!asked.path.includes('/services/E000-3F24-B8AA/') || rows === null) return reply()
    const at = Number(asked.query.get('pageToken') ?? '0')
    const nextPageToken = rows.length > 1 ? String(at + 1) : ''
    pages.add(String(at))
    return { body: JSON.stringify({ skus: rows.slice(0, 1), nextPageToken }) }
  })
  expect(pages.size).toBeGreaterThan(2)
  expect(run.collected.offers).toEqual(offers)
})

test('6: a closed TPU API costs the TPUs alone, and is told', async () => {
  const run = await runImporter(gcpCase, (one, reply) =>
    one.path.startsWith('/tpu/') ? { status: 403, body: '{}' } : reply(),
  )
  expect(run.collected.sealed).toEqual({ complete: true })
  expect(run.collected.rejects).toContainEqual({
    reason: 'TPU API closed to the account',
    row: 'TPUs',
  })
  const isTpu = ({ instanceType: { gpu } }: (typeof offers)[number]) => gpu?.vendor === 'google'
  expect(run.collected.offers).toEqual(offers.filter((offer) => !isTpu(offer)))
})

test('7: memory is told in MiB, whatever the name says', () => {
  const micro = offers.find(({ id }) => id === 'gcp/us-central1/n1-standard-4/on-demand')
  expect(micro?.instanceType.memoryMib).toBe(15 * 1024)
})

test('7: memory priced by the GB of 10^9 bytes costs more than by the GiB', async () => {
  const run = await runWith((row) =>
    described(row) === 'E2 Instance Ram running in Americas'
      ? (JSON.parse(JSON.stringify(row).replace('GiBy.h', 'GBy.h')) as Row)
      : row,
  )
  const offer = run.collected.offers.find(({ id }) => id === 'gcp/us-central1/e2-micro/on-demand')
  expect(offer?.priceNanoUsd).toBe(Math.round(21_811_590 / 4 + 2_923_530 * 1.073741824))
})

test('8: parts of a G4 card are cards of their own, at their part of the price', () => {
  const part = offers.find(({ id }) => id === 'gcp/us-central1/g4-standard-6/on-demand')
  expect(part?.instanceType).toMatchObject({
    gpuCount: 1,
    gpu: { name: 'RTXPRO6000-1/8', memoryMib: 12 * 1024 },
  })
  expect(part?.priceNanoUsd).toBe(559_556_250)
})

test('9: cards are attached to n1 machines that may carry them, where a zone has both', () => {
  const names = new Set(
    offers
      .filter(({ region }) => region === 'us-central1')
      .map(({ instanceType: { name } }) => name)
      .filter((name) => name.includes('+')),
  )
  expect([...names].toSorted()).toEqual([
    'n1-highmem-96+4xT4',
    'n1-standard-32+1xT4',
    'n1-standard-32+2xT4',
    'n1-standard-32+4xT4',
    'n1-standard-4+1xT4',
    'n1-standard-4+1xV100',
    'n1-standard-4+2xT4',
    'n1-standard-4+2xV100',
    'n1-standard-4+4xT4',
  ])
  expect(priceOf('us-central1/n1-standard-4+2xT4/on-demand')).toBe(189_999_000 + 2 * 350_000_000)
})

test('10: nothing is said of stock, and deprecated types are left out', () => {
  expect(new Set(offers.map(({ stock }) => stock))).toEqual(new Set(['unknown']))
  expect(reasonsOf('n1-standard-2')).toEqual(['machine type deprecated'])
  expect(reasonsOf('n1-megamem-96')).toEqual(['machine type deprecated'])
})

test('11: that GPU quotas are zero at first is told with the offers', () => {
  expect(gcpCase.backend.notes.join()).toContain('quota, which is zero')
})

test('a GPU machine costs at least its GPUs, or is not offered', async () => {
  expect(Number(priceOf('us-central1/a2-highgpu-1g/on-demand'))).toBeGreaterThan(2_933_908_000)
  const run = await runWith((row) => (described(row).includes('A100 GPU') ? null : row))
  expect(run.collected.offers.filter(({ id }) => id.includes('a2-highgpu'))).toEqual([])
  expect(run.collected.rejects).toContainEqual({
    reason: 'no price of its accelerator in the region',
    row: 'a2-highgpu-1g',
  })
  const keyed = await runWith((row) => (described(row).includes('A100 GPU') ? null : row), keyCase)
  expect(keyed.collected.offers.filter(({ id }) => id.includes('a2-highgpu'))).toEqual([])
})

test('a family built around accelerators is no CPU machine where they are not told', () => {
  expect(reasonsOf('a9-highgpu-1g')).toEqual(['accelerator not told'])
  expect(reasonsOf('ct6e-standard-4t')).toEqual(['machine of a TPU, sold as one'])
  expect(reasonsOf('x4-megamem-960-metal')).toContain('family of no known price')
})

test('local disks that come with a machine are in its price, and unknown ones keep it out', () => {
  const bare = Number(priceOf('us-central1/c3-standard-4/on-demand'))
  const disk = Number(priceOf('us-central1/c3-standard-4-lssd/on-demand')) - bare
  expect(disk).toBe(Math.round((375 * 80_000_000) / 730))
  expect(localSsdGib('a3-highgpu-8g', 16)).toBe(6000)
  expect(localSsdGib('n9-standard-4-lssd', 2)).toBe(750)
  expect(localSsdGib('n9-standard-4-lssd', null)).toBeNull()
  expect(localSsdGib('z3-highmem-999-highlssd', 3)).toBeNull()
})

test('sums are exact, and rounded once, halves up', () => {
  expect(sumOfParts([{ nanoUsd: 1, amount: 1, per: 2 }])).toBe(1)
  expect(sumOfParts([{ nanoUsd: 1, amount: 1, per: 3 }])).toBeNull()
  const third = { nanoUsd: 1, amount: 1, per: 3 }
  expect(sumOfParts([third, third, third])).toBe(1)
  expect(sumOfParts([third, third])).toBe(1)
  expect(sumOfParts([third, third, third, third])).toBe(1)
  // 0.1 + 0.2, and far beyond what a floating product holds.
  expect(
    sumOfParts([
      { nanoUsd: 100_000_000, amount: 1, per: 1 },
      { nanoUsd: 200_000_000, amount: 1, per: 1 },
    ]),
  ).toBe(300_000_000)
  expect(sumOfParts([{ nanoUsd: 9_007_199_254_740_991, amount: 8, per: 8 }])).toBe(
    Number.MAX_SAFE_INTEGER,
  )
  expect(sumOfParts([])).toBeNull()
})

const skuAt = (units: unknown, nanos: number, currencyCode = 'USD') => ({
  description: 'N2 Instance Core running in Americas',
  category: { resourceFamily: 'Compute', usageType: 'OnDemand' },
  serviceRegions: ['us-central1'],
  pricingInfo: [
    {
      pricingExpression: {
        usageUnit: 'h',
        tieredRates: [{ unitPrice: { currencyCode, units: units as string, nanos } }],
      },
    },
  ],
})

test('whole dollars of a price count as well as its nanos', () => {
  expect(rateOf(skuAt('2', 933_908_000))).toMatchObject({ nanoUsd: 2_933_908_000 })
  expect(rateOf(skuAt('0', 0))).toMatchObject({ reason: 'no price above zero' })
  expect(rateOf(skuAt('-1', 0))).toMatchObject({ reason: 'no price above zero' })
  expect(rateOf(skuAt('', 5))).toMatchObject({ reason: 'no price above zero' })
  expect(rateOf(skuAt('1', 0, 'EUR'))).toMatchObject({ reason: 'not in dollars' })
})

test('of two prices of one part the dearer stays, and a price in another unit is none', () => {
  const rate = { label: 'N2 Instance Core', spot: false, unit: 'h' }
  const cheap = { ...rate, nanoUsd: 1 }
  const dear = { ...rate, nanoUsd: 2 }
  for (const rates of [
    [cheap, dear],
    [dear, cheap],
  ]) {
    expect(regionRates(rates).rate(rate.label, false, ['h'])).toEqual(dear)
  }
  expect(regionRates([dear]).rate(rate.label, false, ['GiBy.h'])).toBeNull()
})

test('a zone that does not answer, or pages in a circle, make the import incomplete', async () => {
  const silent = await runImporter(gcpCase, (asked, reply) => {
    const answer = structuredClone(gcpCase.world(asked))
    if (!asked.path.endsWith('/machineTypes') || !isRow(answer) || !isRow(answer['items'])) {
      return reply()
    }
    answer['items']['zones/us-east1-c'] = { warning: { code: 'UNREACHABLE' } }
    return { body: JSON.stringify(answer) }
  })
  expect(silent.collected.sealed.complete).toBe(false)
  const circle = await runImporter(gcpCase, (asked, reply) => {
    const answer = structuredClone(gcpCase.world(asked))
    if (!isRow(answer) || !('skus' in answer)) return reply()
    return { body: JSON.stringify({ ...answer, nextPageToken: '60' }) }
  })
  expect(circle.collected.sealed.complete).toBe(false)
})

test('one page under every token makes the import incomplete', async () => {
  const { collected } = await runImporter(gcpCase, (asked, reply) => {
    if (!asked.path.includes('/services/6F81-5844-456A/')) return reply()
    const next = Number(asked.query.get('pageToken') ?? '0') + 1
    const first = gcpCase.world({ ...asked, query: new URLSearchParams() })
    const same = Object.assign({}, first, { nextPageToken: next < 3 ? String(next) : '' })
    return { body: JSON.stringify(same) }
  })
  expect(collected.sealed.complete).toBe(false)
})

test('with an API key alone: GPU machines only where the card has a spot price', async () => {
  const { collected, server } = await runImporter(keyCase)
  expect(server.asked.every(({ path }) => path.startsWith('/v1/services/'))).toBe(true)
  expect(server.asked.every(({ headers }) => headers['x-goog-api-key'] !== undefined)).toBe(true)
  expect(server.asked.some(({ query }) => query.has('key'))).toBe(false)
  const sold = collected.offers.filter(({ instanceType: { gpu } }) => gpu !== null)
  expect(new Set(sold.map(({ region }) => region))).toEqual(
    new Set(['us-central1', 'europe-west1']),
  )
  expect(collected.rejects).toContainEqual({
    reason: 'no spot price of its accelerator, so not sold in the region',
    row: 'a2-highgpu-1g',
  })
})

test('every machine that comes with the program is known by name, and no other', () => {
  expect(knownMachines.toSorted()).toEqual([...knownTypes.keys()].toSorted())
})

test('a machine whose disks nobody tells the size of has no price', async () => {
  const run = await runWith((row) =>
    row['name'] === 'c3-standard-4'
      ? { ...row, name: 'z3-highmem-3', bundledLocalSsds: { partitionCount: 1 } }
      : described(row).includes('C3 Instance')
        ? { ...row, description: described(row).replace('C3', 'Z3') }
        : row,
  )
  expect(run.collected.rejects).toContainEqual({
    reason: 'size of local disks not known',
    row: 'z3-highmem-3',
  })
})
