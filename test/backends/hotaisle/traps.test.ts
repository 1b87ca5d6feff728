import { expect, test } from 'vitest'
import { isRow } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { hotaisleCase } from './hotaisle-case.ts'

interface Accelerators {
  readonly count: number
  readonly manufacturer: string
  readonly model: string
}

/** The good world with other accelerators in each of its machines. */
const runWith = async (gpus: readonly Accelerators[]) => {
  const { collected } = await runImporter(hotaisleCase, (asked, good) => {
    const answer: unknown = structuredClone(hotaisleCase.world(asked))
    const rows = hotaisleCase.rowsOf(answer)
    if (rows === null) return good()
    for (const { Specs: specs } of rows) if (isRow(specs)) specs['gpus'] = gpus
    return { body: JSON.stringify(answer) }
  })
  return collected
}

const mi300x: Accelerators = { count: 2, manufacturer: 'AMD', model: 'MI300X' }
const h100: Accelerators = { count: 4, manufacturer: 'NVIDIA', model: 'H100' }

test('accelerators of other makers than AMD are offers', async () => {
  const { offers } = await runWith([h100])
  expect(offers[0]?.instanceType).toMatchObject({
    gpuCount: 4,
    gpu: { name: 'H100', vendor: 'nvidia' },
  })
})

test('of a machine with two kinds of accelerators the first does not stand for both', async () => {
  const { offers, rejects } = await runWith([mi300x, h100])
  expect(offers).toEqual([])
  expect(new Set(rejects.map(({ reason }) => reason))).toEqual(
    new Set(['no known model of accelerator']),
  )
})

test('accelerators whose number is not told make no CPU machine', async () => {
  const { offers } = await runWith([{ ...mi300x, count: 0 }])
  expect(offers).toEqual([])
})
