import { expect, test } from 'vitest'
import { isRow, type Row, rowsUnder } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { primeintellectCase } from './primeintellect-case.ts'

const offersOf = async () => {
  const { collected } = await runImporter(primeintellectCase)
  return { collected, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

/** The first recorded row, changed. */
const firstAs = async (change: (row: Row) => void) => {
  const { collected } = await runImporter(primeintellectCase, (asked, good) => {
    const answer: unknown = structuredClone(primeintellectCase.world(asked))
    const [row] = rowsUnder(answer, 'items') ?? []
    if (row === undefined) return good()
    change(row)
    return { body: JSON.stringify({ items: [row], totalCount: 1 }) }
  })
  return collected
}

test('a price that was summed in binary is the decimal it means', async () => {
  const { offers } = await offersOf()
  const id = 'primeintellect/US-KS-2/runpod:1x NVIDIA A100 80GB PCIe:14-125/on-demand'
  expect(offers.get(id)?.priceNanoUsd).toBe(1_656_800_000)
})

test('memory is of all cards, the price of the machine', async () => {
  const { offers } = await firstAs((row) => {
    row['gpuCount'] = 8
    row['gpuMemory'] = 640
  })
  expect(offers[0]?.instanceType).toMatchObject({ gpuCount: 8, gpu: { memoryMib: 81920 } })
  expect(offers[0]?.priceNanoUsd).toBe(1_656_800_000)
})

test('spot is told by the row', async () => {
  const { offers } = await firstAs((row) => {
    row['isSpot'] = true
  })
  expect(offers.map(({ spot }) => spot)).toEqual([true])
})

test('the region is its word where no data center is told', async () => {
  const { offers } = await firstAs((row) => {
    row['dataCenter'] = null
  })
  expect(offers.map(({ region }) => region)).toEqual(['united_states'])
})

test('another currency, an untold size: no offer', async () => {
  const euro = await firstAs((row) => {
    row['prices'] = { onDemand: 1, currency: 'EUR' }
  })
  expect(euro.rejects.map(({ reason }) => reason)).toEqual(['not in dollars'])
  const sizeless = await firstAs((row) => {
    row['vcpu'] = { defaultCount: null }
  })
  expect(sizeless.rejects.map(({ reason }) => reason)).toEqual(['vCPUs or memory not told'])
})

test('the second page is read, and an empty one in its place makes the list incomplete', async () => {
  const paged = (second: number) =>
    runImporter(primeintellectCase, (asked, good) => {
      const answer = primeintellectCase.world({ ...asked, query: new URLSearchParams('page=1') })
      const rows = rowsUnder(answer, 'items')
      if (rows === null || !isRow(answer)) return good()
      const pages = [rows.slice(0, 5), rows.slice(5, second)]
      const items = pages[Number(asked.query.get('page')) - 1] ?? []
      return { body: JSON.stringify({ ...answer, items }) }
    })
  expect((await paged(8)).collected.sealed).toEqual({ complete: true })
  expect((await paged(8)).collected.offers.length).toBe(8)
  expect((await paged(5)).collected.sealed.complete).toBe(false)
})

test('the key is asked for by its name', async () => {
  const importer = await primeintellectCase.backend.importer()
  expect(importer.readiness({ PRIME_API_KEY: ' ' })).toEqual({
    status: 'missing',
    names: ['PRIME_API_KEY'],
  })
})
