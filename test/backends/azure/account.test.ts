import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { azureReadiness } from '#backends/azure/account'
import { skusAnswer } from '#backends/azure/schema'
import { machineOf } from '#backends/azure/sizes'
import { readWire } from '#backends/kit/wire'
import { type Row, rowsUnder } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { accountCase, azureSizes, closedSize, skuOf } from './azure-case.ts'
import { readFixture } from '../read-fixture.ts'

test('nothing set leaves the public prices; a part of the four is a mistake', () => {
  expect(azureReadiness({})).toEqual({ status: 'ready', values: {} })
  expect(azureReadiness({ AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c' })).toEqual({
    status: 'misconfigured',
    names: ['AZURE_CLIENT_SECRET', 'AZURE_SUBSCRIPTION_ID'],
  })
})

const { collected, server } = await runImporter(accountCase)
const { offers, rejects } = collected

test('an application gets one token, and no price call carries it', () => {
  const tokens = server.asked.filter(({ path }) => path.startsWith('/login/'))
  expect(tokens.length).toBe(1)
  expect(new URLSearchParams(tokens[0]?.body).get('scope')).toBe(
    'https://management.azure.com/.default',
  )
  const prices = server.asked.filter(({ path }) => path === '/api/retail/prices')
  expect(prices.some(({ headers }) => headers.authorization !== undefined)).toBe(false)
  const sizes = server.asked.filter(({ path }) => path.startsWith('/management/'))
  expect(new Set(sizes.map(({ headers }) => headers.authorization))).toEqual(
    new Set(['Bearer canary-azure-token-81']),
  )
})

test('the next page of sizes is asked of the endpoint, whatever host its link names', () => {
  const tokens = server.asked.map(({ query }) => query.get('$skiptoken')).filter((one) => one)
  expect(tokens).toEqual(['15'])
})

test('a size that the subscription may not have is out of stock, and keeps its price', () => {
  const closed = offers.filter(({ instanceType }) => instanceType.name === closedSize)
  expect(closed.map(({ stock }) => stock)).toEqual(['none', 'none'])
  expect(closed.every(({ priceNanoUsd }) => Number(priceNanoUsd) > 0)).toBe(true)
  const others = offers.filter(({ instanceType }) => instanceType.name !== closedSize)
  expect(new Set(others.map(({ stock }) => stock))).toEqual(new Set(['unknown']))
})

const recorded = (region: string) =>
  readWire(skusAnswer, readFixture('azure', `skus-${region}-2026.json`), region).value.rows

/** A world in which one region prices these sizes. */
const pricing = (region: string, names: readonly string[], more: readonly Row[] = []) =>
  runImporter(accountCase, (asked, good) => {
    const answer = structuredClone(accountCase.world(asked))
    if (!(asked.query.get('$filter') ?? '').includes(`'${region}'`)) return good()
    const items = rowsUnder(answer, 'Items')
    const [first] = items ?? []
    if (items && first) {
      const plain = { ...first, armSkuName: '', skuName: 'a size', meterName: 'a size' }
      items.splice(0, items.length, ...names.map((armSkuName) => ({ ...plain, armSkuName })))
    } else rowsUnder(answer, 'value')?.push(...more)
    return { body: JSON.stringify(answer) }
  })

test('recorded restrictions: A0 is not to be had in westcentralus, and is in southcentralus', async () => {
  for (const [region, stock] of [
    ['westcentralus', 'none'],
    ['southcentralus', 'unknown'],
  ] as const) {
    const run = await pricing(region, ['Standard_A0'])
    const found = run.collected.offers.filter((offer) => offer.region === region)
    expect(found.map((offer) => [offer.instanceType.name, offer.stock])).toEqual([
      ['Standard_A0', stock],
    ])
  }
})

test('a zone alone that the subscription may not have says nothing of the region', async () => {
  const zone = { type: 'Zone', values: ['eastus'], restrictionInfo: { zones: ['3'] } }
  const newer = skuOf('Standard_D4_v99', 'eastus', { vCPUs: '4', MemoryGB: '16' }, [zone])
  const run = await pricing('eastus', ['Standard_D4_v99'], [newer])
  const here = run.collected.offers.filter(({ region }) => region === 'eastus')
  expect(here.map(({ stock }) => stock)).toEqual(['unknown'])
})

test('a row of another region is not held against the sizes of the one that was asked for', async () => {
  const run = await runImporter(accountCase, (asked, good) => {
    const answer = structuredClone(accountCase.world(asked))
    const items = rowsUnder(answer, 'Items')
    if (!items || !(asked.query.get('$filter') ?? '').includes("'westus'")) return good()
    items.push({ ...items[0], armRegionName: 'elsewhere', armSkuName: 'Standard_F2s_v2' })
    return { body: JSON.stringify(answer) }
  })
  const there = run.collected.offers.filter(({ region }) => region === 'elsewhere')
  expect(there.map(({ stock, instanceType: { name } }) => [name, stock])).toEqual([
    ['Standard_F2s_v2', 'unknown'],
  ])
})

test('recorded sizes read without the embedded catalog are those that it has', () => {
  const compared = recorded('southcentralus').filter(({ name }) => azureSizes.has(name))
  expect(compared.length).toBeGreaterThan(15)
  const differing = compared
    .map((sku) => [sku.name, machineOf(sku)] as const)
    .filter(([name, machine]) => !isDeepStrictEqual(machine, azureSizes.get(name)))
  expect(differing).toEqual([['Standard_NC6s_v3', 'no known model of accelerator']])
})

test('vCPUs are those that are available, and memory may be broken', () => {
  const sku = recorded('southcentralus').find(({ name }) => name === 'Standard_M8-2ms')
  expect(sku && machineOf(sku)).toMatchObject({ cpus: 2, memoryMib: 224_000 })
})

const figures = { vCPUs: '96', MemoryGB: '1900', CpuArchitectureType: 'x64' }

const skuNamed = (name: string, more: Readonly<Record<string, string>> = {}) => {
  const value = { value: [skuOf(name, 'eastus', { ...figures, ...more })] }
  const [sku] = readWire(skusAnswer, value, 'made by hand').value.rows
  if (!sku) throw new Error('no row')
  return sku
}

test.each([
  ['Standard_ND128isr_NDR_GB300_v6', 'GB300', 4],
  ['Standard_ND97isr_MI300X_v5', 'MI300X', 8],
  ['Standard_ND128isr_NDR_GB200_v6', 'GB200', 4],
])('the count of %s is known where the API leaves it out', (name, gpu, gpuCount) => {
  expect(machineOf(skuNamed(name))).toMatchObject({ gpu: { name: gpu }, gpuCount })
})

test('NC carries the H100 of 94 GB, ND that of 80', () => {
  expect(machineOf(skuNamed('Standard_NC41ads_H100_v5', { GPUs: '1' }))).toMatchObject({
    gpu: { name: 'H100NVL' },
  })
  expect(machineOf(skuNamed('Standard_ND97isr_H100_v5', { GPUs: '8' }))).toMatchObject({
    gpu: { name: 'H100' },
  })
})

test.each([
  ['Standard_NV7ads_A10_v5', { GPUs: '1' }, 'no known model of accelerator'],
  ['Standard_NC500ds_xl_RTXPRO6000BSE_v6', { GPUs: '1' }, 'no known model of accelerator'],
  ['Standard_NC64_X9_v9', {}, 'no known model of accelerator'],
  ['Standard_D4_v99', { GPUs: '1' }, 'no known model of accelerator'],
  ['Standard_NC41ads_H100_v5', {}, 'number of accelerators not told'],
  ['Standard_NP10s', { GPUs: '1' }, 'FPGA machine'],
  ['Standard_D4_v99', { vCPUs: 'many' }, 'no vCPU or no memory'],
] as const)('%s is no CPU machine: %o', (name, more, reason) => {
  expect(machineOf(skuNamed(name, more))).toBe(reason)
})

test('a size that is newer than the embedded catalog is offered, one not seen is not', async () => {
  const newer = skuOf('Standard_D4_v99', 'eastus', { vCPUs: '4', MemoryGB: '16' })
  const run = await pricing('eastus', ['Standard_D4_v99', 'Standard_D4s_v3'], [newer])
  const here = run.collected.offers.filter(({ region }) => region === 'eastus')
  expect(here.map(({ instanceType }) => instanceType.name)).toEqual(['Standard_D4_v99'])
  expect(run.collected.rejects).toContainEqual({
    reason: 'no size of the subscription in the region',
    row: 'Standard_D4s_v3',
  })
})

test('without a spot capability there is no spot offer', async () => {
  const run = await runImporter(accountCase, (asked, good) => {
    const answer = structuredClone(accountCase.world(asked))
    if (!rowsUnder(answer, 'value')) return good()
    return { body: JSON.stringify(answer).replaceAll('"True"', '"False"') }
  })
  expect(offers.some(({ spot }) => spot)).toBe(true)
  expect(run.collected.offers.filter(({ spot }) => spot)).toEqual([])
  expect(run.collected.rejects.map(({ reason }) => reason)).toContain('size not sold as spot')
  expect(rejects.map(({ reason }) => reason)).not.toContain('size not sold as spot')
})

test.each([
  ['go in a circle', () => 0],
  ['are one under every link', (at: number) => (at < 3 ? at + 1 : 'end')],
])('sizes whose pages %s make the import incomplete', async (_how, next) => {
  const run = await runImporter(accountCase, (asked, good) => {
    const token = asked.query.get('$skiptoken')
    const query = new URLSearchParams(asked.query)
    query.delete('$skiptoken')
    const answer = structuredClone(accountCase.world({ ...asked, query }))
    if (!rowsUnder(answer, 'value')) return good()
    const to = next(Number(token ?? '0'))
    const nextLink = to === 'end' ? '' : `https://management.azure.com/x?%24skiptoken=${to}`
    return { body: JSON.stringify({ value: rowsUnder(answer, 'value'), nextLink }) }
  })
  expect(run.collected.sealed.complete).toBe(false)
})

test('a subscription that Azure does not find is told as credentials that it rejects', async () => {
  const run = (status: number) =>
    runImporter(accountCase, (asked, good) =>
      asked.path.startsWith('/management/') ? { status, body: '{}' } : good(),
    )
  await expect(run(404)).rejects.toMatchObject({
    code: 'upstream-credentials',
    hint: 'check AZURE_SUBSCRIPTION_ID',
  })
  await expect(run(400)).rejects.toMatchObject({ code: 'upstream-refused' })
})
