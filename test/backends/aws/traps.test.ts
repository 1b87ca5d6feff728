/** What has misled others about EC2's prices, one test each. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { awsImporter } from '#backends/aws/importer'
import { readPriceList } from '#backends/aws/price-list'
import type { Offer } from '#domain/offer'
import { parseUsd } from '#domain/price'
import { type ImporterCase, type Row, rowsUnder } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import type { Asked, Reply } from '../../contract/scripted-server.ts'
import { awsCase, knownTypes, publicCase } from './aws-case.ts'
import { csvOf, otherRows, priceRows, salesOf } from './price-list.ts'

const offersOf = async (one: ImporterCase, change?: (rows: Row[], asked: Asked) => void) => {
  const { collected } = await runImporter(one, (asked, good) => {
    const answer: unknown = structuredClone(one.world(asked))
    const rows = one.rowsOf(answer)
    if (!rows || !change) return good()
    change(rows, asked)
    return one.reply?.(answer, asked) ?? good()
  })
  const offers = new Map(collected.offers.map((offer) => [offer.id, offer]))
  /** The first of a row. */
  const reasons = new Map<string, string>()
  for (const { reason, row } of collected.rejects.toReversed()) reasons.set(row, reason)
  return { offers, reasons, collected }
}

const machine = (offers: ReadonlyMap<string, Offer>, type: string) =>
  offers.get(`aws/us-east-1/${type}/on-demand`)?.instanceType

const describedAs =
  (type: string, change: (row: Row) => void) =>
  (rows: Row[]): void => {
    for (const row of rows) if (row['instanceType'] === type) change(row)
  }

const memoryOf = (sizeInMiB: number) => ({ sizeInMiB })

describe('1 the memory of a card is the model’s, whatever the API says of it this year', () => {
  test.each([
    ['g5.xlarge', 24576, 24576],
    ['g5.xlarge', 22888, 24576],
    ['g6.xlarge', 22888, 24576],
    ['g6e.xlarge', 45776, 49152],
    ['p6-b200.48xlarge', 183359, 184320],
    ['p6-b300.48xlarge', 275040, 276480],
    ['p5en.48xlarge', 144384, 144384],
    ['g7e.2xlarge', 98304, 98304],
  ])('%s told as %i MiB', async (type, told, nominal) => {
    const { offers } = await offersOf(
      awsCase,
      describedAs(type, (row) => {
        const [gpu] = (row['gpuInfo'] as { gpus: Row[] }).gpus
        if (gpu) gpu['memoryInfo'] = memoryOf(told)
      }),
    )
    expect(machine(offers, type)?.gpu?.memoryMib).toBe(nominal)
  })
})

describe('2 a part of a card is a part, though the API counts none or one', () => {
  test.each([
    ['g6f.large', 'L4-1/8', 3072],
    ['g6f.2xlarge', 'L4-1/4', 6144],
    ['g6f.4xlarge', 'L4-1/2', 12288],
    ['gr6f.4xlarge', 'L4-1/2', 12288],
  ])('%s', async (type, name, memoryMib) => {
    for (const count of [0, 1]) {
      for (const telling of [true, false]) {
        const { offers } = await offersOf(
          awsCase,
          describedAs(type, (row) => {
            const [gpu] = (row['gpuInfo'] as { gpus: Row[] }).gpus
            if (!gpu) return
            gpu['count'] = count
            if (!telling) delete gpu['gpuPartitionSize']
          }),
        )
        expect(machine(offers, type)).toMatchObject({ gpu: { name, memoryMib }, gpuCount: 1 })
      }
    }
  })
})

test('3 Neuron devices are counted once, and Trainium2 has the memory of its model', async () => {
  const { offers } = await offersOf(awsCase)
  expect(machine(offers, 'inf2.xlarge')).toMatchObject({
    gpu: { name: 'Inferentia2', vendor: 'aws' },
    gpuCount: 1,
  })
  expect(machine(offers, 'trn1.2xlarge')?.gpu?.name).toBe('Trainium')
  const asTrainium2 = await offersOf(
    awsCase,
    describedAs('trn1.2xlarge', (row) => {
      row['neuronInfo'] = {
        neuronDevices: [{ name: 'Trainium2', count: 16, memoryInfo: memoryOf(524288) }],
      }
    }),
  )
  expect(machine(asTrainium2.offers, 'trn1.2xlarge')).toMatchObject({
    gpu: { name: 'Trainium2', memoryMib: 98304 },
    gpuCount: 16,
  })
})

test('4 not every accelerator is NVIDIA’s; FPGAs and transcoders are no offers', async () => {
  const { offers, reasons } = await offersOf(awsCase)
  expect(machine(offers, 'g4ad.xlarge')?.gpu).toMatchObject({ name: 'V520', vendor: 'amd' })
  expect(reasons.get('f2.6xlarge')).toBe('FPGA machine')
  expect(reasons.get('vt1.3xlarge')).toBe('video transcoding machine')
})

test('4 a machine of an accelerated family whose accelerator is not told is no CPU machine', async () => {
  const { offers, reasons } = await offersOf(
    awsCase,
    describedAs('g5.xlarge', (row) => delete row['gpuInfo']),
  )
  expect(machine(offers, 'g5.xlarge')).toBeUndefined()
  expect(reasons.get('g5.xlarge')).toBe('accelerator not told')
  const without = await offersOf(publicCase)
  expect(without.reasons.get('f2.6xlarge')).toBe('accelerator not told')
  expect(without.reasons.get('p3.2xlarge')).toBe('accelerator not told')
})

test('5 names come with noise, and once as the maker’s alone', async () => {
  const { offers } = await offersOf(awsCase)
  expect(machine(offers, 'g7e.2xlarge')?.gpu?.name).toBe('RTXPRO6000')
  expect(machine(offers, 'g5g.xlarge')).toMatchObject({
    gpu: { name: 'T4g' },
    architecture: 'arm64',
  })
  const nameless = await offersOf(
    awsCase,
    describedAs('p5en.48xlarge', (row) => {
      const [gpu] = (row['gpuInfo'] as { gpus: Row[] }).gpus
      if (gpu) gpu['name'] = 'NVIDIA'
    }),
  )
  expect(machine(nameless.offers, 'p5en.48xlarge')).toMatchObject({
    gpu: { name: 'H200' },
    gpuCount: 8,
  })
})

test('6 a price is no offer where the type is gone, or in no zone of the region', async () => {
  const { offers, reasons, collected } = await offersOf(awsCase)
  expect(reasons.get('p2.xlarge')).toBe('priced, but not described')
  expect(collected.rejects).toContainEqual({
    reason: 'priced, but in no zone of the region',
    row: 'p5.48xlarge',
  })
  expect(offers.has('aws/eu-west-1/p5.48xlarge/on-demand')).toBe(false)
  expect(offers.has('aws/us-east-1/p5.48xlarge/on-demand')).toBe(true)
})

test('6 without credentials, an earlier generation that no catalog knows is no offer; a new type is', async () => {
  const { offers, reasons } = await offersOf(publicCase)
  expect(reasons.get('m0.small')).toBe('of an earlier generation and in no catalog')
  expect(machine(offers, 'm10g.large')).toMatchObject({
    cpus: 2,
    memoryMib: 8192,
    gpu: null,
    architecture: 'arm64',
  })
})

describe('7 local zones, wavelength, other partitions and closed regions are left out, and counted', () => {
  test('by the index of regions', async () => {
    const { offers, reasons, collected } = await offersOf(awsCase)
    expect(Object.fromEntries(reasons)).toMatchObject({
      'us-west-2-lax-1': 'local or wavelength zone',
      'us-east-1-wl1-bos-wlz-1': 'local or wavelength zone',
      'us-gov-west-1': 'another partition of the cloud',
      'cn-north-1-pkx-1': 'China: another partition, priced in yuan',
      'af-south-1': 'region not enabled for the account',
    })
    expect(new Set([...offers.values()].map(({ region }) => region))).toEqual(
      new Set(['us-east-1', 'eu-west-1']),
    )
    expect(collected.sealed).toEqual({ complete: true })
  })

  test('by the rows of a region', async () => {
    const { collected } = await offersOf(awsCase)
    const zones = collected.rejects.filter(({ reason }) => reason === 'of a zone or another region')
    expect(zones.length).toBe(salesOf('us-east-1').length + salesOf('eu-west-1').length)
  })
})

/** The world of the account, with a row more in a list of Ireland. */
const withRow = (list: string, row: Row): ImporterCase => ({
  ...awsCase,
  world: (asked) => {
    const answer = structuredClone(awsCase.world(asked))
    if (asked.path.startsWith('/ec2/eu-west-1/')) rowsUnder(answer, list)?.push(row)
    return answer
  },
})

describe('7 what a local zone has and asks is not what its region has and asks', () => {
  const inZone = (location: string) =>
    withRow('instanceTypeOfferingSet', {
      instanceType: 'p5.48xlarge',
      locationType: 'availability-zone',
      location,
    })
  const spotIn = (availabilityZone: string) =>
    withRow('spotPriceHistorySet', {
      instanceType: 'm5.large',
      productDescription: 'Linux/UNIX',
      spotPrice: '0.9',
      timestamp: '2026-11-24T11:00:00.000Z',
      availabilityZone,
    })

  test.each([
    ['eu-west-1a', true],
    ['eu-west-1-dub-1a', false],
    ['eu-west-1-wl1-dub-wlz-1', false],
    ['eu-west-10a', false],
  ])('%s', async (zone, isOfRegion) => {
    const types = await offersOf(inZone(zone))
    expect(types.offers.has('aws/eu-west-1/p5.48xlarge/on-demand')).toBe(isOfRegion)
    const { offers } = await offersOf(spotIn(zone))
    expect(offers.has('aws/eu-west-1/m5.large/spot')).toBe(isOfRegion)
  })
})

describe('8 a region that answers AuthFailure is closed, and the credentials are not wrong', () => {
  const closing =
    (homeStaysOpen: boolean) =>
    (asked: Asked, good: () => Reply): Reply => {
      const isThere = asked.path.startsWith('/ec2/eu-west-1')
      return isThere || (!homeStaysOpen && asked.body.includes('DescribeRegions'))
        ? { status: 401, body: '<Response/>' }
        : good()
    }

  test('while the home region takes them', async () => {
    const { collected } = await runImporter(awsCase, closing(true))
    expect(collected.rejects).toContainEqual({
      reason: 'region closed to these credentials',
      row: 'eu-west-1',
    })
    expect(collected.sealed).toEqual({ complete: true })
    expect(new Set(collected.offers.map(({ region }) => region))).toEqual(new Set(['us-east-1']))
  })

  test('but where the home region refuses as well, they are', async () => {
    await expect(runImporter(awsCase, closing(false))).rejects.toMatchObject({
      code: 'upstream-credentials',
    })
  })

  test('nor is the home region closed: credentials without a right that is needed are told', async () => {
    const run = runImporter(awsCase, (asked, good) =>
      asked.body.includes('DescribeSpotPriceHistory') ? { status: 403 } : good(),
    )
    await expect(run).rejects.toMatchObject({ code: 'upstream-credentials' })
  })

  test('and where they run out on the way, nothing is taken for closed', async () => {
    let asks = 0
    const run = runImporter(awsCase, (asked, good) => {
      if (asked.body.includes('DescribeRegions')) asks += 1
      return asks > 1 ? { status: 401 } : closing(true)(asked, good)
    })
    await expect(run).rejects.toMatchObject({ code: 'upstream-credentials' })
  })
})

test('9 capacity blocks are no on-demand offers, and are counted', async () => {
  const { offers, collected } = await offersOf(awsCase)
  expect(offers.get('aws/us-east-1/p5.48xlarge/on-demand')?.priceNanoUsd).toBe(55_040_000_000)
  const blocks = collected.rejects.filter(({ reason }) => reason === 'capacity block')
  expect(blocks.length).toBe(salesOf('us-east-1').length + salesOf('eu-west-1').length)
})

test('10 prices are decimals to the last digit', async () => {
  const { offers } = await offersOf(awsCase, (rows) => {
    for (const row of rows) if ('PricePerUnit' in row) row['PricePerUnit'] = '0.1234567899'
  })
  expect(offers.get('aws/us-east-1/m5.large/on-demand')?.priceNanoUsd).toBe(123_456_789)
})

test.each(otherRows)('of a type and region one row counts: %s is none', async (kind) => {
  const { offers } = await offersOf(publicCase, (rows) => {
    const kept = rows.filter(({ kind: own }) => own === undefined || own === kind)
    rows.splice(0, rows.length, ...kept)
  })
  expect(offers.get('aws/us-east-1/m5.large/on-demand')?.priceNanoUsd).toBe(96_000_000)
})

test('a spot price is the newest of the dearest zone', async () => {
  const { offers } = await offersOf(awsCase)
  expect(offers.get('aws/us-east-1/m5.large/spot')?.priceNanoUsd).toBe(43_700_000)
})

test('a list of EC2 that goes in a circle makes the import incomplete', async () => {
  const { collected } = await runImporter(awsCase, (asked, good) => {
    const reply = good()
    if (typeof reply === 'string' || !asked.body.includes('DescribeSpotPriceHistory')) return reply
    const body = String(reply.body).replace('<nextToken></nextToken>', '<nextToken>7</nextToken>')
    return { ...reply, body }
  })
  expect(collected.sealed.complete).toBe(false)
})

test('a list of EC2 that gives one page under every token makes the import incomplete', async () => {
  const { collected } = await runImporter(awsCase, (asked, good) => {
    if (!asked.body.includes('Action=DescribeInstanceTypes&')) return good()
    const next = Number(new URLSearchParams(asked.body).get('NextToken') ?? '0') + 1
    const form = new URLSearchParams(asked.body)
    form.delete('NextToken')
    const answer: unknown = awsCase.world({ ...asked, body: form.toString() })
    const same = Object.assign({}, answer, { nextToken: next < 3 ? String(next) : '' })
    return awsCase.reply?.(same, asked) ?? good()
  })
  expect(collected.sealed.complete).toBe(false)
})

test('a region that is open to the account and not in the index makes the import incomplete', async () => {
  const { collected } = await runImporter(awsCase, (asked, good) => {
    if (!asked.path.endsWith('/region_index.json')) return good()
    const answer = structuredClone(awsCase.world(asked)) as { regions: Row }
    delete answer.regions['eu-west-1']
    return { body: JSON.stringify(answer) }
  })
  expect(collected.sealed).toEqual({ complete: false, why: ['eu-west-1: did not come'] })
})

const lines = async function* (text: string) {
  yield text.split('\n')
}

test('a price list without a column that is read is refused by its name', async () => {
  const rows = priceRows('us-east-1')
  const text = csvOf(rows).replace('"CapacityStatus"', '"Capacity"')
  await expect(readPriceList(lines(text), 'us-east-1')).rejects.toThrow('"CapacityStatus"')
  await expect(readPriceList(lines('<html>\n'), 'us-east-1')).rejects.toThrow('no column')
})

test('a price list that ends within a row is refused, whatever the row is of', async () => {
  const text = csvOf(priceRows('us-east-1'))
  for (const share of [0.1, 0.4, 0.7, 1]) {
    const end = text.lastIndexOf('\n', Math.floor(text.length * share) - 1)
    const row = text.slice(text.lastIndexOf('\n', end - 1) + 1, end)
    const whole = text.slice(0, end)
    expect((await readPriceList(lines(whole), 'us-east-1')).prices.length).toBeGreaterThan(0)
    for (const missing of [row.lastIndexOf(','), 90, 20, 8]) {
      const cut = whole.slice(0, whole.length - row.length + missing)
      await expect(readPriceList(lines(cut), 'us-east-1'), cut.slice(-40)).rejects.toMatchObject({
        code: 'upstream-invalid',
      })
    }
  }
})

test('a row without its first columns is counted, not passed over', async () => {
  const text = csvOf(priceRows('us-east-1')).replace('"SKU1"', '"torn"\n"SKU1"')
  const { malformed } = await readPriceList(lines(text), 'us-east-1')
  expect(malformed).toEqual([{ reason: 'no usable "TermType"', row: 'torn' }])
})

const folder = process.env['AWS_PAYLOADS'] ?? ''
const oracle = join(folder, 'price_oracle.karpenter.json.gz')

/**
 * No price list of AWS's has been recorded. This one is made of another program's table of prices:
 * it proves parsing and summing, and nothing about the real file.
 */
test('a list generated from a table of 1,367 prices gives those prices, which proves parsing only', async ({
  skip,
}) => {
  if (!existsSync(oracle)) return skip('AWS_PAYLOADS names no folder with the table of prices')
  const table = JSON.parse(gunzipSync(readFileSync(oracle)).toString()) as Readonly<
    Record<string, Readonly<Record<string, number>>>
  >
  const [template] = priceRows('us-east-1')
  const entries = Object.entries(table['us-east-1'] ?? {})
  const rows = entries.map(([type, usd]) => ({
    ...template,
    'Instance Type': type,
    PricePerUnit: usd.toFixed(10),
  }))
  const { prices } = await readPriceList(lines(csvOf(rows)), 'us-east-1')
  const { offers } = awsImporter.toOffers(
    {
      kind: 'region',
      region: 'us-east-1',
      prices,
      view: null,
      malformed: [],
      observation: { source: 'a table', observedAt: '2026-07-20T00:00:00Z' },
      account: {
        list: 'us-east-1',
        index: 0,
        key: 'us-east-1',
        rows: prices.length,
        total: null,
        cutAt: null,
        more: false,
        announces: [],
      },
    },
    { instanceType: (name) => knownTypes.get(name) ?? null, rate: () => null },
  )
  const expected = new Map(entries.map(([type, usd]) => [type, parseUsd(String(usd))]))
  const wrong = offers.filter(
    ({ instanceType, priceNanoUsd }) => expected.get(instanceType.name) !== priceNanoUsd,
  )
  expect(wrong).toEqual([])
  expect(prices.length).toBe(entries.length)
  expect(offers.length).toBeGreaterThan(1_300)
})
