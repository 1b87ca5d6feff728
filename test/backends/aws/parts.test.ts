import { describe, expect, test } from 'vitest'
import { listedMachine } from '#backends/aws/machines'
import { type PriceRow, priceColumns, priceRowOf, type SpotPrice } from '#backends/aws/schema'
import { spotPricesOf } from '#backends/aws/spot-prices'
import { readXml } from '#backends/aws/xml'
import { UpstreamInvalidError } from '#domain/errors'
import { noTables } from '../../contract/run-importer.ts'

describe('XML', () => {
  test('is texts, records and lists of items, escapes undone', () => {
    const text =
      '<?xml version="1.0"?>\n<a xmlns="urn:x"><!-- no --><b>x &amp; y</b><list>\n<item><c>1</c></item>\n' +
      '<item><c>2</c></item></list><none/><d><![CDATA[<raw>]]></d></a>'
    expect(readXml(text, 'it')).toEqual({
      b: 'x & y',
      list: [{ c: '1' }, { c: '2' }],
      none: '',
      d: '<raw>',
    })
  })

  test.each([
    ['cut off', '<a><b>secret</b>'],
    ['with entities of its own', '<!DOCTYPE a [<!ENTITY x "secret">]><a>&x;</a>'],
    ['no XML', 'secret'],
  ])('%s is refused without quoting it', (_name, text) => {
    const refusal = new UpstreamInvalidError('aws it: the answer is no XML')
    expect(() => readXml(text, 'aws it')).toThrow(refusal)
  })
})

const spot = (over: Partial<SpotPrice>): SpotPrice => ({
  instanceType: 'm5.large',
  productDescription: 'Linux/UNIX',
  spotPrice: '0.04',
  timestamp: '2026-11-24T10:00:00.000Z',
  availabilityZone: 'us-east-1a',
  ...over,
})

describe('a spot price', () => {
  test('is the newest of a zone, though an older one was dearer', () => {
    const prices = [
      spot({ spotPrice: '0.09', timestamp: '2026-11-24T09:00:00.000Z' }),
      spot({ spotPrice: '0.05' }),
      spot({ spotPrice: '0.08', timestamp: '2026-11-24T08:00:00.000Z' }),
    ]
    expect(spotPricesOf(prices)).toEqual(new Map([['m5.large', 50_000_000]]))
  })

  test('is that of the dearest zone, in any order', () => {
    const prices = [
      spot({ spotPrice: '0.05' }),
      spot({ spotPrice: '0.07', availabilityZone: 'us-east-1b' }),
      spot({ spotPrice: '0.06', availabilityZone: 'us-east-1c' }),
    ]
    for (const list of [prices, prices.toReversed()]) {
      expect(spotPricesOf(list).get('m5.large')).toBe(70_000_000)
    }
  })

  test('of Windows is none, and one that is no number is unknown', () => {
    expect(spotPricesOf([spot({ productDescription: 'Windows' })]).size).toBe(0)
    expect(spotPricesOf([spot({ spotPrice: '-' })])).toEqual(new Map([['m5.large', null]]))
    const half = [spot({ spotPrice: '-' }), spot({ availabilityZone: 'us-east-1b' })]
    expect(spotPricesOf(half).get('m5.large')).toBe(40_000_000)
  })
})

const row = (over: Partial<PriceRow>): PriceRow => ({
  ...priceRowOf(() => ''),
  instanceType: 'm10i.96xlarge',
  generationIsCurrent: 'Yes',
  cpus: '384',
  memory: '1,536.5 GiB',
  processor: 'Intel Xeon Scalable (Some Lake)',
  ...over,
})

describe('a machine of the price list', () => {
  test('has the memory that is written with a comma', () => {
    expect(listedMachine(row({}), noTables)).toMatchObject({
      cpus: 384,
      memoryMib: 1_573_376,
      architecture: 'x86_64',
    })
  })

  test.each([
    [{ memory: 'NA' }, 'no vCPU or no memory'],
    [{ cpus: '' }, 'no vCPU or no memory'],
    [{ gpus: '4' }, 'accelerator not told'],
    [{ instanceType: 'trn9.48xlarge' }, 'accelerator not told'],
    [{ generationIsCurrent: 'No' }, 'of an earlier generation and in no catalog'],
  ])('%o is none', (over, reason) => {
    expect(listedMachine(row(over), noTables)).toBe(reason)
  })

  test('has no architecture where the processor does not tell it', () => {
    expect(listedMachine(row({ processor: 'Variable' }), noTables)).toMatchObject({
      architecture: null,
    })
  })
})

test('every column that is read has a name of ours', () => {
  expect(priceRowOf((column) => column)).toEqual(priceColumns)
})
