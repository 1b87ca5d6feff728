import { describe, expect, test } from 'vitest'
import { interruptionRows } from '#backends/aws/spot-advice'
import { interruptionBands } from '#domain/interruption'
import { aDocument } from './spot-advice.ts'

const everyRange = { a: 0, b: 1, c: 2, d: 3, e: 4 }

describe('the spot advisor', () => {
  test('tells a band of each type and region, of Linux', () => {
    const rows = interruptionRows(aDocument({ 'us-east-1': everyRange, 'eu-west-1': { a: 4 } }))
    expect(rows).toEqual([
      ...Object.keys(everyRange).map((instanceType, at) => ({
        instanceType,
        region: 'us-east-1',
        band: interruptionBands[at],
      })),
      { instanceType: 'a', region: 'eu-west-1', band: '20-100' },
    ])
  })

  test('a range is what its label says, wherever it stands', () => {
    const document = aDocument({ 'us-east-1': { a: 7 } })
    const ranges = [{ index: 7, label: '10-15%' }]
    expect(interruptionRows({ ...document, ranges })).toMatchObject([{ band: '10-15' }])
  })

  test('a region without Linux has none', () => {
    expect(interruptionRows({ ...aDocument({}), spot_advisor: { 'us-east-1': {} } })).toEqual([])
  })

  test.each([
    ['a label that is not known', { ranges: [{ index: 0, label: '<3%' }] }],
    ['a row of no range', { ranges: [] }],
    ['a row of another shape', { spot_advisor: { 'us-east-1': { Linux: { a: 1 } } } }],
    ['a name that is none', { spot_advisor: { 'us-east-1': { Linux: { 'a,b': { r: 0 } } } } }],
    ['no ranges', { ranges: undefined }],
    ['no regions', { spot_advisor: undefined }],
  ])('%s is refused whole', (_, over) => {
    const document = { ...aDocument({ 'us-east-1': { a: 0 } }), ...over }
    expect(() => interruptionRows(document)).toThrow(/^spot advisor: /)
  })
})
