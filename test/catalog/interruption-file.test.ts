import { describe, expect, test } from 'vitest'
import { interruptionLines, parseInterruption, printInterruption } from '#catalog/interruption-file'
import { CatalogUnreadableError } from '#domain/errors'
import type { InterruptionList } from '#domain/interruption'

const list: InterruptionList = {
  observation: { source: "AWS's spot advisor", observedAt: '2026-11-25T01:00:00Z' },
  rows: [
    { instanceType: 'p5.48xlarge', region: 'us-east-1', band: '20-100' },
    { instanceType: 'm5.large', region: 'us-east-1', band: '5-10' },
  ],
}

describe('the file of bands', () => {
  test('says when and where they were seen, and is read as it was written', () => {
    const text = printInterruption(list)
    expect(text.split('\n', 2)).toEqual([
      "# 2026-11-25T01:00:00Z AWS's spot advisor",
      'instance_type,region,band',
    ])
    const read = parseInterruption(text, 'f', 'h')
    expect(read.observation).toEqual(list.observation)
    expect(interruptionLines(read.rows)).toEqual(interruptionLines(list.rows))
  })

  test('those that come with the program need not say it', () => {
    const text = 'instance_type,region,band\nm5.large,us-east-1,5-10\n'
    expect(parseInterruption(text, 'f', 'h')).toEqual({ observation: null, rows: [list.rows[1]] })
  })

  test.each([
    ['another header', 'type,region\n'],
    ['a band that is none', 'instance_type,region,band\nm5.large,us-east-1,5\n'],
    ['a line cut short', 'instance_type,region,band\nm5.large\n'],
    ['nothing', ''],
  ])('%s is refused, with what to do', (_, text) => {
    expect(() => parseInterruption(text, 'f', 'do this')).toThrow(CatalogUnreadableError)
  })
})
