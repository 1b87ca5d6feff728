import { expect, test } from 'vitest'
import type { Row } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { seewebCase } from './seeweb-case.ts'

const asItIs = async () => {
  const { collected } = await runImporter(seewebCase)
  return { collected, byId: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

const plan = (more: Row): Row => ({
  name: 'a-plan',
  cpu: '8',
  ram: '32768',
  disk: '100',
  gpu: '1',
  gpu_label: 'H100 80GB',
  hourly_price: '2.03',
  available_regions: [{ location: 'it-fr2' }],
  ...more,
})

const offersOf = async (...plans: readonly Row[]) => {
  const { collected } = await runImporter(seewebCase, (asked, good) =>
    asked.path === '/ecs/v2/plans' ? { body: JSON.stringify({ plans }) } : good(),
  )
  return collected
}

test('figures are texts, memory is MiB and disks are GB', async () => {
  const { byId } = await asItIs()
  expect(byId.get('seeweb/it-fr2/ECS1GPU8/on-demand')?.instanceType).toMatchObject({
    cpus: 16,
    memoryMib: 262_144,
    diskMib: 500 * 1024,
  })
})

test('prices are euros: what they are worth in dollars is told with its rate and day', async () => {
  const { byId } = await asItIs()
  const offer = byId.get('seeweb/it-fr2/ECS1GPU8/on-demand')
  expect(offer?.priceNanoUsd).toBe(2_362_500_000)
  expect(offer?.observation.source).toContain('at 1.25 USD/EUR, the test 2026-11-24')
})

test('without a rate prices are unknown, and the offers are kept', async () => {
  const tables = { instanceType: () => null, rate: () => null }
  const { collected } = await runImporter({ ...seewebCase, tables })
  const { collected: priced } = await asItIs()
  expect(collected.offers.map(({ id }) => id)).toEqual(priced.offers.map(({ id }) => id))
  for (const { id, priceNanoUsd } of collected.offers) expect(priceNanoUsd, id).toBeNull()
})

test('the memory of a card is in its label, whatever the number of cards', async () => {
  const { byId } = await asItIs()
  const two = byId.get('seeweb/it-fr2/ECS2GPU7/on-demand')?.instanceType
  expect(two).toMatchObject({ gpuCount: 2, gpu: { name: 'L40S', memoryMib: 48 * 1024 } })
})

test('a plan that is sold in a region is in stock only where it can be started', async () => {
  const { byId } = await asItIs()
  expect(byId.get('seeweb/it-fr2/ECS1GPU8/on-demand')?.stock).toBe('low')
  expect(byId.get('seeweb/it-mi2/ECS1GPU8/on-demand')?.stock).toBe('none')
  expect(byId.get('seeweb/it-fr2/ECS2GPU7/on-demand')?.stock).toBe('none')
  expect(byId.get('seeweb/?/ECS8GPU10/on-demand')?.stock).toBe('none')
})

test('both spellings of the regions that are free are read', async () => {
  const rows = [{ name: 'ECS1GPU8', region_available: [{ region: 'it-mi2' }] }]
  const { collected } = await runImporter(seewebCase, (asked, good) =>
    asked.path.endsWith('/availables') ? { body: JSON.stringify({ plans: rows }) } : good(),
  )
  const free = collected.offers.filter(({ stock }) => stock === 'low').map(({ id }) => id)
  expect(free).toEqual(['seeweb/it-mi2/ECS1GPU8/on-demand'])
})

test('Windows plans and those no longer sold are rejected', async () => {
  const { collected } = await asItIs()
  expect(collected.rejects).toContainEqual({ reason: 'Windows price', row: 'eCS2W' })
  expect(collected.rejects).toContainEqual({ reason: 'no longer sold', row: 'ECS1GPU5' })
})

test('accelerators of other makers are offers, unknown ones are counted', async () => {
  const { offers, rejects } = await offersOf(
    plan({ name: 'amd', gpu_label: 'MI300X' }),
    plan({ name: 'mystery', gpu_label: 'Totally Unknown GPU' }),
  )
  expect(offers.map(({ instanceType }) => instanceType.gpu)).toMatchObject([
    { name: 'MI300X', vendor: 'amd', memoryMib: 192 * 1024 },
  ])
  expect(rejects).toContainEqual({ reason: 'no known model of accelerator', row: 'mystery' })
})

test('accelerators half told make no CPU machine', async () => {
  const { offers, rejects } = await offersOf(
    plan({ name: 'count-alone', gpu_label: '' }),
    plan({ name: 'label-alone', gpu: '0' }),
  )
  expect(offers).toEqual([])
  expect(rejects).toContainEqual({ reason: 'accelerator not told', row: 'count-alone' })
  expect(rejects).toContainEqual({ reason: 'number of accelerators not told', row: 'label-alone' })
})

test('a region that is there twice is one offer', async () => {
  const twice = [{ location: 'it-fr2' }, { location: 'it-fr2' }]
  const { offers } = await offersOf(plan({ available_regions: twice }))
  expect(offers.length).toBe(1)
})

test('the token travels in a header, never in the address', async () => {
  const { server } = await runImporter(seewebCase)
  for (const { headers, key } of server.asked) {
    expect(headers['x-apitoken']).toBe('canary-seeweb-61')
    expect(key).not.toContain('canary')
  }
})
