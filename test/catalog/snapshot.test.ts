import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readSnapshot, type SnapshotSection, writeSnapshot } from '#catalog/snapshot'
import { observationOf, type SnapshotInput } from '#catalog/snapshot-manifest'
import {
  CatalogMissingError,
  CatalogNewerError,
  CatalogUnreadableError,
  ImportRejectedError,
} from '#domain/errors'
import { findGpu, sliceOf } from '#domain/gpu-models'
import type { Offer } from '#domain/offer'
import { anInstanceType, anOffer } from '../builders.ts'

const input: SnapshotInput = {
  key: 'list',
  repository: 'someone/prices',
  path: 'data/list.csv',
  commit: '0123456789',
  observedOn: '2026-03-15',
  licence: 'MIT',
  sha256: 'ab',
}

const observation = observationOf(input)

const l4 = findGpu('L4')
const half = l4 && sliceOf(l4, 2)

const plainOffer = anOffer({ observation })
const spotOffer = anOffer({
  observation,
  spot: true,
  region: null,
  priceNanoUsd: 1,
  instanceType: anInstanceType({
    name: 'half of a card',
    cpus: 0.25,
    memoryMib: 1,
    gpu: half,
    diskMib: 102_400,
    architecture: null,
  }),
})

const section = (offers: readonly Offer[]): SnapshotSection => ({
  backend: 'aws',
  offers,
  notes: ['spot prices are not embedded'],
  inputs: [input],
  rowsRead: offers.length + 3,
  rejected: new Map([
    ['too old', 2],
    ['no price', 1],
  ]),
})

const emptyDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'snapshot-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

const written = (offers: readonly Offer[] = [plainOffer, spotOffer]): string => {
  const directory = emptyDirectory()
  writeSnapshot(directory, [section(offers)], [])
  return directory
}

const filesOf = (directory: string): string[] =>
  ['manifest.json', 'aws/instance-types.csv', 'aws/prices.csv'].map((name) =>
    readFileSync(join(directory, name), 'utf8'),
  )

const edit = (path: string, from: string, to: string): void => {
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}

describe('written and read again', () => {
  test('gives the same offers and notes', () => {
    const [backend] = readSnapshot(written())
    expect(backend?.backend).toBe('aws')
    expect(backend?.notes).toEqual(['spot prices are not embedded'])
    expect(new Set(backend?.offers)).toEqual(new Set([plainOffer, spotOffer]))
  })

  test('keeps every price to the nano-USD', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (priceNanoUsd) => {
        const directory = mkdtempSync(join(tmpdir(), 'snapshot-'))
        writeSnapshot(directory, [section([anOffer({ observation, priceNanoUsd })])], [])
        const offer = readSnapshot(directory)[0]?.offers[0]
        rmSync(directory, { recursive: true })
        expect(offer?.priceNanoUsd).toBe(priceNanoUsd)
      }),
      { numRuns: 50 },
    )
  })

  test('the same offers in another order give the same bytes', () => {
    const offers = [plainOffer, spotOffer]
    expect(filesOf(written(offers.toReversed()))).toEqual(filesOf(written(offers)))
  })

  test('an offer of another instance type adds lines and changes none', () => {
    const before = filesOf(written([plainOffer]))[2]?.split('\n') ?? []
    const after = filesOf(written())[2]?.split('\n') ?? []
    expect(after.length).toBe(before.length + 1)
    expect(before.filter((line) => !after.includes(line))).toEqual([])
  })

  test('a backend that is gone leaves no folder behind', () => {
    const directory = written()
    writeSnapshot(directory, [{ ...section([]), backend: 'gcp' }], [])
    expect(readSnapshot(directory).map(({ backend }) => backend)).toEqual(['gcp'])
    expect(() => readFileSync(join(directory, 'aws/prices.csv'))).toThrow('ENOENT')
  })
})

describe('the manifest', () => {
  test('counts what it holds', () => {
    const directory = emptyDirectory()
    const leftOut = [{ backend: 'modal', rows: 2, reason: 'no machine' }]
    const manifest = writeSnapshot(directory, [section([plainOffer, spotOffer])], leftOut)
    expect(manifest).toMatchObject({
      offers: 2,
      leftOut,
      backends: [
        { backend: 'aws', offers: 2, instanceTypes: 2, rowsRead: 5, rowsKept: 2, inputs: [input] },
      ],
    })
    expect(Object.entries(manifest.backends[0]?.rejected ?? {})).toEqual([
      ['no price', 1],
      ['too old', 2],
    ])
  })
})

describe('reading refuses', () => {
  test('a directory without a manifest', () => {
    expect(() => readSnapshot(emptyDirectory())).toThrow(CatalogMissingError)
  })

  test('a price changed by hand', () => {
    const directory = written()
    edit(join(directory, 'aws/prices.csv'), '0.096', '0.096001')
    expect(() => readSnapshot(directory)).toThrow(/prices\.csv" does not have the checksum/)
  })

  test('a file cut short', () => {
    const directory = written()
    const path = join(directory, 'aws/prices.csv')
    writeFileSync(path, readFileSync(path, 'utf8').trimEnd())
    expect(() => readSnapshot(directory)).toThrow(CatalogUnreadableError)
  })

  test('a file that is missing', () => {
    const directory = written()
    rmSync(join(directory, 'aws/instance-types.csv'))
    expect(() => readSnapshot(directory)).toThrow(/instance-types\.csv" is missing/)
  })

  test('a manifest of a later format', () => {
    const directory = written()
    edit(join(directory, 'manifest.json'), '"format": 1', '"format": 2')
    expect(() => readSnapshot(directory)).toThrow(CatalogNewerError)
  })

  test.each([
    ['no JSON', '"format"', 'format'],
    ['text for a count', '"offers": 2', '"offers": "2"'],
    ['a list for an object', '"rejected": {', '"rejected": [], "was": {'],
    ['a day after all days', '"observedOn": "2026-03-15"', '"observedOn": "9999"'],
  ])('a manifest with %s', (_, from, to) => {
    const directory = written()
    edit(join(directory, 'manifest.json'), from, to)
    expect(() => readSnapshot(directory)).toThrow(CatalogUnreadableError)
  })

  test('a price of a document the manifest does not name', () => {
    const directory = written()
    edit(join(directory, 'manifest.json'), '"key": "list"', '"key": "other"')
    expect(() => readSnapshot(directory)).toThrow(/"list" is no input of the manifest/)
  })
})

describe('writing refuses', () => {
  test.each([
    ['an unknown price', [anOffer({ observation, priceNanoUsd: null })]],
    ['an observation of no input', [anOffer()]],
    [
      'one name for two machines',
      [
        plainOffer,
        anOffer({ observation, region: 'eu', instanceType: anInstanceType({ cpus: 64 }) }),
      ],
    ],
  ])('%s', (_, offers) => {
    expect(() => writeSnapshot(emptyDirectory(), [section(offers)], [])).toThrow(
      ImportRejectedError,
    )
  })

  test('a name that would break the columns', () => {
    const offer = anOffer({ observation, instanceType: anInstanceType({ name: 'a,b' }) })
    expect(() => writeSnapshot(emptyDirectory(), [section([offer])], [])).toThrow(
      /cannot be a field/,
    )
  })
})
