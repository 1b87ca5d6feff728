/**
 * What is embedded against the documents it comes from: `EMBED_SOURCES` names the folder that the
 * embedding reads.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { readSnapshot, writeSnapshot } from '#catalog/snapshot'
import { parseUsd } from '#domain/price'
import { digestLines } from '#platform/digest'
import { gcpBalanced } from '#cost/gcp-disk-rates'
import { aws } from '../../scripts/embed/aws.ts'
import { interruptionLines } from '../../scripts/embed/aws-interruption.ts'

const folder = process.env['EMBED_SOURCES'] ?? ''
const skipped = folder === ''
if (skipped) console.warn('skipped, for EMBED_SOURCES names no folder: costs against their sources')

const embedded = (name: string): string =>
  readFileSync(new URL(`../../catalogs/aws/${name}`, import.meta.url), 'utf8')

interface Pricing {
  readonly compute: {
    readonly storage: {
      readonly balanced: { readonly cost: Readonly<Record<string, { readonly month: number }>> }
    }
  }
}

describe.skipIf(skipped)('against the sources', () => {
  test('the interruption bands are those of the document', () => {
    expect(`${interruptionLines(folder).join('\n')}\n`).toBe(embedded('interruption.csv'))
  })

  test('every rate of balanced disks is that of the document', () => {
    const text = readFileSync(join(folder, 'gcp/pricing.yml'), 'utf8')
    const storage = text.slice(text.indexOf('\n  storage:') + 1, text.indexOf('\nmonitoring:'))
    const { compute } = parse(`compute:\n${storage}`) as Pricing
    const rates = Object.entries(compute.storage.balanced.cost).map(
      ([region, { month }]) => [region, parseUsd(String(month))] as const,
    )
    expect(new Map(rates)).toEqual(gcpBalanced)
  })
})

test('the bands are an input and a file of the catalog', () => {
  expect(aws.inputs.map(({ key }) => key)).toContain('interruption')
  expect(embedded('interruption.csv').split('\n', 1)).toEqual(['instance_type,region,band'])
})

test('every region of the catalog has a rate of balanced disks', () => {
  const file = new URL('../../catalogs/gcp/prices.csv', import.meta.url)
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const regions = new Set(lines.map((line) => line.split(',')[1] ?? ''))
  expect([...regions].filter((region) => !gcpBalanced.has(region))).toEqual([])
})

test('facts beside the offers are written with them, and digested', () => {
  const directory = mkdtempSync(join(tmpdir(), 'snapshot-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const lines = ['instance_type,region,band', 'm5.large,us-east-1,5-10']
  const manifest = writeSnapshot(
    directory,
    [
      {
        backend: 'aws',
        notes: [],
        inputs: [],
        offers: [],
        rowsRead: 0,
        rejected: new Map(),
        furtherFiles: new Map([['interruption.csv', lines]]),
      },
    ],
    [],
  )
  const written = readFileSync(join(directory, 'aws/interruption.csv'), 'utf8')
  expect(written).toBe(`${lines.join('\n')}\n`)
  expect(manifest.backends[0]?.outputs['interruption.csv']).toBe(digestLines(lines))
  expect(readSnapshot(directory)).toEqual([{ backend: 'aws', offers: [], notes: [] }])
})
