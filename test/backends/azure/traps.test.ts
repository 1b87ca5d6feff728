import { expect, test } from 'vitest'
import { runImporter } from '../../contract/run-importer.ts'
import { azureCase } from './azure-case.ts'

test('Windows, reservations, Low Priority, hosts and free rows are no offers, and are counted', async () => {
  const { collected } = await runImporter(azureCase)
  const counts = new Map<string, number>()
  for (const { reason } of collected.rejects) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  for (const reason of [
    'no pay-as-you-go price',
    'Windows price',
    'Cloud Services, Windows price',
    'dedicated host',
    'Low Priority',
    'no price above zero',
    'no size of a standard machine',
    'size without specifications',
  ]) {
    expect(counts.get(reason) ?? 0, reason).toBeGreaterThan(0)
  }
})

test('a size with fewer cores than its parent has those it has', async () => {
  const { collected } = await runImporter(azureCase)
  const cpus = new Map(
    collected.offers.map(({ instanceType: type }) => [type.name, type.cpus] as const),
  )
  expect(cpus.get('Standard_M8-2ms')).toBe(2)
  expect(cpus.get('Standard_E32-8as_v5')).toBe(8)
})

test('a row counts for the region it names, in any spelling', async () => {
  const { collected } = await runImporter(azureCase)
  const machine = collected.offers.find(
    ({ instanceType }) => instanceType.name === 'Standard_M8-2ms',
  )
  expect(machine?.region).toBe('eastus')
})

test('the next page is asked of the endpoint, whatever host its link names', async () => {
  const { server } = await runImporter(azureCase)
  const skipped = server.asked.filter(({ query }) => query.has('$skip'))
  expect(skipped.map(({ query }) => query.get('$skip'))).toEqual(['100'])
})

test('one page under every link ends the walk, and makes the import incomplete', async () => {
  const { collected, server } = await runImporter(azureCase, (asked, good) => {
    if (!(asked.query.get('$filter') ?? '').includes("'eastus'")) return good()
    const skip = Number(asked.query.get('$skip') ?? '0') + 100
    const first = azureCase.world({
      ...asked,
      query: new URLSearchParams({ $filter: "armRegionName eq 'eastus'" }),
    })
    const NextPageLink = `https://prices.azure.com/api/retail/prices?$skip=${skip}`
    return { body: JSON.stringify(Object.assign({}, first, { NextPageLink })) }
  })
  expect(collected.sealed).toMatchObject({ complete: false })
  expect(server.asked.filter(({ query }) => query.has('$skip')).length).toBeLessThan(5)
})

test('of two prices of one offer the dearer stays, in whatever order they come', async () => {
  const run = (reverse: boolean) =>
    runImporter(azureCase, (asked, good) => {
      const answer = structuredClone(azureCase.world(asked))
      const rows = azureCase.rowsOf(answer)
      const first = rows?.find(({ armSkuName }) => armSkuName === 'Standard_NV36ads_A10_v5')
      if (!rows || !first) return good()
      rows.push({ ...first, retailPrice: 3.5 })
      if (reverse) rows.reverse()
      return { body: JSON.stringify(answer) }
    })
  for (const reverse of [true, false]) {
    const { collected } = await run(reverse)
    const id = 'azure/eastus/Standard_NV36ads_A10_v5/on-demand'
    const found = collected.offers.find((offer) => offer.id === id)
    expect(found?.priceNanoUsd).toBe(3_500_000_000)
    expect(collected.rejects).toContainEqual({ reason: 'there twice', row: id })
  }
})
