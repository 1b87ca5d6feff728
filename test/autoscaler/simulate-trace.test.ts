import { describe, expect, test } from 'vitest'
import { readTrace } from '#cli/simulate-trace'

const read = (text: string) => {
  const { startMs, endMs, arrivalsMs } = readTrace(text, 't.csv')
  return { startMs, endMs, arrivalsMs: [...arrivalsMs] }
}

describe('a trace', () => {
  test('of seconds starts at 0, and may be out of order', () => {
    expect(read('seconds\n2\n0.5\n\n')).toEqual({
      startMs: 0,
      endMs: 2000,
      arrivalsMs: [500, 2000],
    })
  })

  test('of times starts with the first', () => {
    const ms = Date.parse('2026-11-01T09:30:00Z')
    expect(read('time\r\n2026-11-01T10:30:02+01:00\r\n2026-11-01T09:30:00Z\r\n')).toEqual({
      startMs: ms,
      endMs: ms + 2000,
      arrivalsMs: [ms, ms + 2000],
    })
  })

  test('of intervals spreads each evenly, and the last is as long as the one before', () => {
    expect(read('seconds,requests\n0,2\n60,0\n120,1\n')).toEqual({
      startMs: 0,
      endMs: 180_000,
      arrivalsMs: [15_000, 45_000, 150_000],
    })
  })
})

test.each([
  ['', '"t.csv" line 1: "" names no columns'],
  ['0.5\n1\n', '"t.csv" line 1: "0.5" names no columns'],
  ['seconds\n1\nsoon\n', '"t.csv" line 3: seconds "soon" is none'],
  ['seconds\n-1\n', '"t.csv" line 2: seconds "-1" is none'],
  ['time\n2026-11-01\n', '"t.csv" line 2: time "2026-11-01" is none'],
  ['seconds\n1,2\n', '"t.csv" line 2: "1,2" has 2 columns, and the header 1'],
  ['seconds,requests\n\n5\n', '"t.csv" line 3: "5" has 1 columns, and the header 2'],
  ['seconds,requests\n0,1.5\n', '"t.csv" line 2: requests "1.5" is none'],
  ['seconds,requests\n0,1\n\n0,1\n', '"t.csv" line 4: its time is not after the line before'],
  ['seconds,requests\n0,5\n', '"t.csv" line 2: is the only interval'],
  ['seconds\n', '"t.csv" holds no request'],
  ['seconds,requests\n0,0\n60,0\n', '"t.csv" holds no request'],
  ['seconds\n99999999999\n', '"t.csv" is longer than a year'],
  ['seconds,requests\n0,999999999\n9,1\n', '"t.csv" has "1000000000" requests'],
])('%j is refused with its place', (text, message) => {
  expect(() => readTrace(text, 't.csv')).toThrow(message)
})
