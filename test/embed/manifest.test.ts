import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { complaintsAbout } from '../../scripts/embed/check.ts'
import { sectionOf } from '../../scripts/embed/section.ts'
import type { EmbeddedSource, Extraction } from '../../scripts/embed/source.ts'
import { findGpu, sliceOf } from '#domain/gpu-models'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'

const extraction = (over: Partial<Extraction> = {}): Extraction => ({
  offers: [anOffer()],
  rowsRead: 3,
  rejected: new Map([['no price', 2]]),
  ...over,
})

const withGpu = (gpu: ReturnType<typeof aGpu>, gpuCount = 1): Extraction =>
  extraction({ offers: [anOffer({ instanceType: anInstanceType({ gpu, gpuCount }) })] })

describe('what is embedded', () => {
  test('passes when all is well', () => {
    expect(complaintsAbout(extraction())).toEqual([])
  })

  test('may carry a card of the table or a slice of one', () => {
    const l4 = findGpu('L4')
    expect(complaintsAbout(withGpu(aGpu()))).toEqual([])
    expect(l4 && complaintsAbout(withGpu(sliceOf(l4, 8)))).toEqual([])
  })

  test.each([
    ['an offer twice', extraction({ offers: [anOffer(), anOffer()], rowsRead: 4 }), /there twice/],
    ['an unknown price', extraction({ offers: [anOffer({ priceNanoUsd: null })] }), /price null/],
    ['a price of zero', extraction({ offers: [anOffer({ priceNanoUsd: 0 })] }), /price 0/],
    ['a negative price', extraction({ offers: [anOffer({ priceNanoUsd: -1 })] }), /price -1/],
    [
      'a part of a nano-USD',
      extraction({ offers: [anOffer({ priceNanoUsd: 0.5 })] }),
      /price 0\.5/,
    ],
    ['rows unaccounted for', extraction({ rowsRead: 9 }), /are not the 9 rows read/],
    ['an unknown GPU', withGpu(aGpu({ name: 'A101' })), /"A101" is not in the table/],
    ['a known GPU of other memory', withGpu(aGpu({ memoryMib: 1 })), /not in the table/],
    ['a known GPU of another maker', withGpu(aGpu({ vendor: 'amd' })), /not in the table/],
    [
      'a slice with the memory of the card',
      withGpu(aGpu({ name: 'A100-1/2' })),
      /not in the table/,
    ],
    ['a GPU that is not there', withGpu(aGpu(), 0), /0 GPUs of A100/],
  ])('is refused for %s', (_, broken, complaint) => {
    expect(complaintsAbout(broken)).toEqual([expect.stringMatching(complaint)])
  })
})

describe('the account of a source', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

  const document = {
    repository: 'someone/prices',
    path: 'list.csv',
    commit: '0123456789abcdef',
    observedOn: '2026-03-15',
    licence: 'MIT',
  }

  const source: EmbeddedSource = {
    backend: 'aws',
    inputs: [
      { key: 'list', file: 'list.csv', ...document },
      { key: 'zones', file: 'zones', ...document, path: 'zones' },
    ],
    notes: ['a note'],
    extract: () => extraction(),
  }

  const directory = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'section-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'list.csv'), 'one\n')
    mkdirSync(join(folder, 'zones'))
    writeFileSync(join(folder, 'zones/b.json'), 'b')
    writeFileSync(join(folder, 'zones/a.json'), 'a')
    return folder
  }

  test('digests every file read, a folder by the digests of its files', () => {
    const { inputs } = sectionOf(directory(), source, extraction())
    const listing = `${sha256('a')}  a.json\n${sha256('b')}  b.json\n`
    expect(inputs.map((input) => input.sha256)).toEqual([sha256('one\n'), sha256(listing)])
  })

  test('tells nothing of where the files lay', () => {
    const folder = directory()
    expect(JSON.stringify(sectionOf(folder, source, extraction()))).not.toContain(folder)
  })

  test('gives the offers of a document one observation, however the source spells it', () => {
    const spelled = {
      source: 'someone/prices, list.csv @ 0123456',
      observedAt: '2026-03-15T00:00:00Z',
    }
    const offers = [anOffer({ observation: spelled })]
    expect(sectionOf(directory(), source, extraction({ offers })).offers[0]?.observation).toEqual({
      source: 'someone/prices list.csv@0123456',
      observedAt: '2026-03-15T00:00:00Z',
    })
  })
})
