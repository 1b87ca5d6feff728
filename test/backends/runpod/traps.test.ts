import { expect, test } from 'vitest'
import { runImporter } from '../../contract/run-importer.ts'
import { runpodCase } from './runpod-case.ts'

const world = async () => {
  const run = await runImporter(runpodCase)
  return { run, offers: new Map(run.collected.offers.map((offer) => [offer.id, offer])) }
}

test('one request per count of accelerators, not one per place', async () => {
  const { run } = await world()
  expect(run.server.asked.length).toBe(4)
})

test('the price is per accelerator', async () => {
  const { offers } = await world()
  const one = offers.get('runpod/US-KS-2/1x NVIDIA A100 80GB PCIe secure/on-demand')
  const two = offers.get('runpod/US-KS-2/2x NVIDIA A100 80GB PCIe secure/on-demand')
  expect(two?.priceNanoUsd).toBe(2 * Number(one?.priceNanoUsd))
})

test('no stock is invented: null is none, and an unknown word unknown', async () => {
  const { offers } = await world()
  const id = (place: string) => `runpod/${place}/1x NVIDIA GeForce RTX 4090 community/on-demand`
  expect(offers.get(id('CA'))?.stock).toBe('none')
  expect(offers.get(id('SE'))?.stock).toBe('unknown')
  expect([...offers.keys()].filter((key) => key.includes('EU-RO-1/1x NVIDIA GeForce'))).toEqual([])
})

test('a bid at the full price is no spot offer', async () => {
  const { run, offers } = await world()
  expect(offers.has('runpod/US-KS-2/1x NVIDIA GeForce RTX 4090 secure/spot')).toBe(false)
  expect(run.collected.rejects).toContainEqual({
    reason: 'bid at or above on-demand',
    row: '1x NVIDIA GeForce RTX 4090 secure',
  })
})

test('accelerators of other makers than NVIDIA are offers', async () => {
  const { offers } = await world()
  const machine = offers.get('runpod/EU-RO-1/1x AMD Instinct MI300X OAM secure/on-demand')
  expect(machine?.instanceType.gpu).toMatchObject({ name: 'MI300X', vendor: 'amd' })
})

test('a machine has the size of its smallest host', async () => {
  const { offers } = await world()
  const machine = offers.get('runpod/EU-RO-1/1x NVIDIA A100 80GB PCIe secure/on-demand')
  expect(machine?.instanceType).toMatchObject({ cpus: 8, memoryMib: 117 * 1024 })
})

test('errors beside data are errors', async () => {
  const run = runImporter(runpodCase, (asked, good) => {
    const answer = runpodCase.world(asked)
    if (!asked.body.includes('lowestPrice')) return good()
    return { body: JSON.stringify({ ...(answer as object), errors: [{ message: 'timed out' }] }) }
  })
  await expect(run).rejects.toThrow('the answer holds 1 errors')
})

test('an answer without the types is no answer: its places would be lost in silence', async () => {
  for (const [field, list] of [
    ['gpuTypes', '2 per machine'],
    ['cpuFlavors', 'CPU flavors'],
  ] as const) {
    const { collected } = await runImporter(runpodCase, (asked, good) => {
      const isPart = asked.body.includes(list === 'CPU flavors' ? 'specifics(' : 'gpuCount: 2')
      return isPart ? { body: JSON.stringify({ data: { [field]: [] } }) } : good()
    })
    expect(collected.sealed).toMatchObject({ complete: false, why: [expect.stringMatching(list)] })
  }
})

test('a place that is written like code is left out of the query', async () => {
  const { placesOf } = await import('#backends/runpod/queries')
  expect(placesOf(['US-KS-2', 'X"} evil {"'], ['CA']).map(({ region }) => region)).toEqual([
    'US-KS-2',
    'CA',
  ])
})
