import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDuration, parseIdleTime, parseMaxDuration } from '#configuration/duration'
import { parseMemory } from '#configuration/memory'
import { parsePort } from '#configuration/port'
import { parsePrice } from '#configuration/price'
import {
  parseCountRange,
  parseDiskRange,
  parseGpu,
  parseMemoryRange,
  parseResources,
} from '#configuration/shorthand'
import { ArgumentError } from '#domain/errors'
import { printMemory } from '#domain/memory'
import { defaultResources, oneGpu } from '#domain/resources'

const gb = (size: number) => size * 1024

/** The values that `parse` does not refuse with an error of ours. */
const taken = (parse: (value: unknown) => unknown, values: readonly unknown[]) =>
  values.filter((value) => {
    try {
      parse(value)
      return true
    } catch (error) {
      return !(error instanceof ArgumentError)
    }
  })

describe('memory', () => {
  test.each([
    ['8GB', 8],
    ['8 gb', 8],
    [8.5, 8.5],
    ['.5GB', 0.5],
    ['8.', 8],
    ['512MB', 0.5],
    ['0.5TB', 512],
    ['0', 0],
  ])('%j is %s GB', (value, size) => expect(parseMemory(value)).toBe(gb(size)))

  test('other units and forms are refused', () => {
    expect(
      taken(parseMemory, [
        '8G',
        '8GiB',
        '8KB',
        '8B',
        'GB',
        '',
        '-1',
        '1e3GB',
        'nan',
        true,
        [1],
        '8,5GB',
      ]),
    ).toEqual([])
  })

  test('what is printed reads the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (size) => {
        expect(parseMemory(printMemory(gb(size)))).toBe(gb(size))
      }),
    )
  })
})

describe('ranges', () => {
  const end = fc.option(fc.nat(100_000))

  const isRange = (min: number | null, max: number | null): boolean =>
    min === null || max === null ? min !== max : min <= max

  test('of counts read as they print', () => {
    fc.assert(
      fc.property(end, end, (min, max) => {
        fc.pre(isRange(min, max))
        expect(parseCountRange(`${min ?? ''}..${max ?? ''}`)).toEqual({ min, max })
        expect(parseCountRange({ min, max })).toEqual({ min, max })
      }),
    )
  })

  test('of counts that are empty or end before they start are refused', () => {
    fc.assert(
      fc.property(end, end, (min, max) => {
        fc.pre(!isRange(min, max))
        const text = `${min ?? ''}..${max ?? ''}`
        expect(taken(parseCountRange, [text, { min, max }])).toEqual([])
      }),
    )
  })

  test('mix units', () => {
    expect(parseMemoryRange('512MB .. 1TB')).toEqual({ min: 512, max: gb(1024) })
    expect(parseMemoryRange('16GB')).toEqual({ min: gb(16), max: gb(16) })
  })

  test('have two ends', () => {
    expect(
      taken(parseCountRange, ['1..2..3', '8GB...16GB', { min: 1, foo: 2 }, {}, null, [], 'a..b']),
    ).toEqual([])
  })

  test('of disks start at 50GB', () => {
    expect(parseDiskRange('..50GB')).toEqual({ min: null, max: gb(50) })
    expect(taken(parseDiskRange, ['49GB', '..49GB', '10GB..100GB'])).toEqual([])
  })

  test('say what is wrong once', () => {
    expect(() => parseMemoryRange('8G')).toThrow(/^[^;]*"8G" is no size$/)
  })
})

describe('gpu', () => {
  test.each([
    ['A100', { names: ['A100'] }],
    [2, { count: { min: 2, max: 2 } }],
    ['0..', { count: { min: 0, max: null } }],
    ['24GB..', { memoryMib: { min: gb(24), max: null } }],
    ['A10G, A100:2', { names: ['A10G', 'A100'], count: { min: 2, max: 2 } }],
    ['RTX 4090', { names: ['RTX4090'] }],
    ['A100:80', { names: ['A100'], count: { min: 80, max: 80 } }],
    [{}, {}],
    [{ name: 'A100,H100' }, { names: ['A100,H100'] }],
    [{ compute_capability: [8, 6] }, { computeCapability: [8, 6] }],
    [{ compute_capability: '12.10' }, { computeCapability: [12, 10] }],
  ])('%j', (value, demand) => expect(parseGpu(value)).toEqual({ ...oneGpu, ...demand }))

  test('parts come in any order', () => {
    const parts = ['A100,H100', '40GB..80GB', '2..4'] as const
    fc.assert(
      fc.property(fc.shuffledSubarray([...parts], { minLength: 3 }), (order) => {
        expect(parseGpu(order.join(':'))).toEqual(parseGpu(parts.join(':')))
      }),
    )
  })

  test('is refused where it says nothing, or something twice', () => {
    expect(
      taken(parseGpu, [
        '',
        ':',
        'A100:',
        'A100,',
        'A:B',
        '1GB:2GB',
        '1:2',
        '3090Ti',
        2.5,
        true,
        ['A100'],
      ]),
    ).toEqual([])
  })
})

test('resources fill their gaps', () => {
  expect(parseResources({})).toEqual(defaultResources)
  expect(parseResources({ gpu: null, disk: null })).toMatchObject({ gpu: null, diskMib: null })
  expect(taken(parseResources, [null])).toEqual([])
  expect(() => parseResources({ cpu: 'x', memory: '8G' })).toThrow(/cpu.*memory/)
})

describe('durations', () => {
  test.each([
    ['90m', 5400],
    ['5 m', 300],
    ['3600', 3600],
    ['2w', 1_209_600],
    [1.9, 1],
    ['+5', 5],
    ['１h', 3600],
  ])('%j is %s seconds', (value, seconds) => expect(parseDuration(value)).toBe(seconds))

  test('have one unit', () => {
    expect(
      taken(parseDuration, [
        '1h30m',
        '1.5h',
        '2hours',
        '1H',
        ' 1h',
        '1h ',
        '-5',
        -5,
        true,
        'off',
        '',
        '1e3',
      ]),
    ).toEqual([])
  })

  test('off is for the longest run only', () => {
    expect([parseMaxDuration('off'), parseMaxDuration(false)]).toEqual(['off', 'off'])
    expect(taken(parseMaxDuration, [true])).toEqual([])
    expect(taken(parseIdleTime, ['off'])).toEqual([])
  })
})

test('ports', () => {
  expect(parsePort('8000')).toEqual({ localPort: 80, containerPort: 8000 })
  expect(parsePort('8080:8000')).toEqual({ localPort: 8080, containerPort: 8000 })
  expect(taken(parsePort, [0, 65_536, '*:80', '80 : 80', 'http', 80.5, true])).toEqual([])
})

test('prices', () => {
  expect(parsePrice('1.5')).toBe(1_500_000_000)
  expect(taken(parsePrice, [0, -1, '$2', 'abc', Number.POSITIVE_INFINITY, true, ''])).toEqual([])
})
