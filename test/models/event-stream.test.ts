import { describe, expect, test } from 'vitest'
import { eventOf, newEventReader } from '#models/event-stream'
import { cutStop, newStopCutter } from '#models/stop-cutter'
import { seeded } from '../random.ts'

const bytesOf = (text: string): Buffer => Buffer.from(text)

const readWhole = (text: string): string[] => newEventReader().read(bytesOf(text))

describe('events', () => {
  test.each([
    ['data: a\n\n', ['a']],
    ['data:a\n\ndata:  b\n\n', ['a', ' b']],
    ['data: a\ndata: b\n\n', ['a\nb']],
    ['data\n\n', ['']],
    [': a comment\n\nevent: x\nid: 1\nretry: 5\n\n', []],
    ['data: a\r\n\r\ndata: b\r\rdata: c\n\n', ['a', 'b', 'c']],
    ['\uFEFFdata: a\n\n', ['a']],
    ['data: never ended\n', []],
    ['datax: a\n data: b\n\n', []],
    ['data: é€😀\u2028\n\n', ['é€😀\u2028']],
  ])('%j', (text, events) => {
    expect(readWhole(text)).toEqual(events)
  })

  test('are the same however their bytes are cut', () => {
    const random = seeded(20_240_601)
    const texts = [
      '',
      'a',
      'é€😀',
      '{"x":1}',
      ' lead',
      'data: inner',
      ':',
      '\t',
      '\u2028',
      '[DONE]',
    ]
    const long = 'é€😀x'.repeat(20_000)
    const endsMs = performance.now() + 1500
    let streams = 0
    while (performance.now() < endsMs) {
      streams += 1
      const expected: string[] = []
      let text = random.pick(['', '\uFEFF'])
      for (let event = 0; event < 6; event++) {
        text += random.pick(['', ': comment\n', 'event: x\r\n', 'id: 7\r', 'retry\n'])
        const lines = Array.from({ length: random.int(1, 3) }, () =>
          random.chance(0.005) ? long : random.pick(texts),
        )
        for (const line of lines) {
          // The one blank after the colon is no part of the data, and need not be there.
          const field = random.chance(0.5) || line.startsWith(' ') ? 'data: ' : 'data:'
          text += `${field}${line}${random.pick(['\n', '\r\n', '\r'])}`
          text += random.chance(0.1) ? `: ping${random.pick(['\n', '\r\n', '\r'])}` : ''
        }
        // A CR and a LF are one end of a line, however they are meant.
        text += random.pick(text.endsWith('\r') ? ['\r', '\r\n'] : ['\n', '\r', '\r\n'])
        expected.push(lines.join('\n'))
      }
      const bytes = bytesOf(text)
      const reader = newEventReader()
      const events: string[] = []
      for (let at = 0; at < bytes.length;) {
        const most = bytes.length > 10_000 ? 5000 : 9
        const size = random.chance(0.5) ? 1 : random.int(1, most)
        events.push(...reader.read(bytes.subarray(at, at + size)))
        at += size
      }
      expect(events).toEqual(expected)
    }
    expect(streams).toBeGreaterThan(100)
  })

  test('of any bytes are the same however they are cut, and never more than there are', () => {
    const random = seeded(6)
    const alphabet = [...Buffer.from('data: \r\n\r\n:x'), 0x00, 0xc3, 0xa9, 0xf0, 0x9f, 0xff]
    const endsMs = performance.now() + 500
    let rounds = 0
    while (performance.now() < endsMs) {
      rounds += 1
      const noise = Array.from({ length: random.int(0, 60) }, () => random.pick(alphabet))
      const bytes = Buffer.concat([
        Buffer.from('data: a\n\n'),
        Buffer.from(noise),
        Buffer.from('\n\ndata: z\n\n'),
      ])
      const whole = newEventReader().read(bytes)
      const reader = newEventReader()
      const cut: string[] = []
      for (let at = 0; at < bytes.length;) {
        const size = random.int(1, 5)
        cut.push(...reader.read(bytes.subarray(at, at + size)))
        at += size
      }
      expect(cut).toEqual(whole)
      expect([whole.at(0), whole.at(-1)]).toEqual(['a', 'z'])
    }
    expect(rounds).toBeGreaterThan(100)
  })

  test('an event without an end is given up', () => {
    const reader = newEventReader()
    const piece = Buffer.alloc(1024 * 1024, 'x')
    expect(() => {
      for (let index = 0; index < 10; index++) reader.read(piece)
    }).toThrow('without an end')
  })

  test('what is written is read again', () => {
    expect(readWhole(eventOf('{"a":1}'))).toEqual(['{"a":1}'])
  })
})

describe('the stop sequence', () => {
  test('is cut off the same, in pieces or whole, and nothing else is', () => {
    const random = seeded(7)
    for (let round = 0; round < 5000; round++) {
      const text = Array.from({ length: random.int(0, 12) }, () => random.pick(['a', 'b'])).join('')
      const stops = [['ab'], ['aba', 'b'], ['aabb', 'bb'], [], ['aaaa']][round % 5] ?? []
      const cutter = newStopCutter(stops)
      let out = ''
      for (let at = 0; at < text.length;) {
        const size = random.int(1, 3)
        out += cutter.push(text.slice(at, at + size))
        at += size
      }
      out += cutter.end()
      expect(out, `${text} ${stops.join()}`).toBe(cutStop(text, stops))
    }
  })
})
