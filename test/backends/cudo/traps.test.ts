import { expect, test } from 'vitest'
import { runImporter } from '../../contract/run-importer.ts'
import { cudoCase } from './cudo-case.ts'

const offersOf = async () => {
  const { collected } = await runImporter(cudoCase)
  return { collected, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

test('a price is the exact sum of its parts, disk and address included', async () => {
  const { offers } = await offersOf()
  // 0.52 + 4 x 0.0025 + 15 x 0.0038 + 100 x 0.00013 + 0.0055
  const offer = offers.get('cudo/place-1/first-a5000 1x nvidia-rtx-a5000 4-15/on-demand')
  expect(offer?.priceNanoUsd).toBe(605_500_000)
})

test('vCPUs and memory are within what the type allows, Infinity included', async () => {
  const { offers } = await offersOf()
  const offer = offers.get('cudo/place-2/second-a6000 1x nvidia-rtx-a6000 6-24/on-demand')
  expect(offer?.instanceType).toMatchObject({ cpus: 6, memoryMib: 24 * 1024 })
})

test('no box is larger than what is free on one host', async () => {
  const { collected } = await offersOf()
  const most = collected.offers.map(({ instanceType }) => instanceType.gpuCount)
  expect(Math.max(...most)).toBe(4)
  const cpus = collected.offers.filter(({ instanceType }) => instanceType.gpu === null)
  expect(cpus.map(({ instanceType }) => instanceType.cpus)).toEqual([2, 4, 8])
})

test('what is not free keeps its price, out of stock', async () => {
  const { collected } = await offersOf()
  const offer = collected.offers.find(({ id }) => id.includes('first-v100'))
  expect(offer?.stock).toBe('none')
})

test('limits that allow no machine leave none', async () => {
  const { collected } = await runImporter(cudoCase, (asked, good) => {
    const rows = cudoCase.rowsOf(structuredClone(cudoCase.world(asked)))
    if (rows === null) return good()
    const limited = rows.map((row) => ({
      ...row,
      maxVcpuPerMemoryGib: 0.01,
      minVcpuPerMemoryGib: 2,
    }))
    return { body: JSON.stringify({ machineTypes: limited }) }
  })
  expect(collected.offers).toEqual([])
  expect(collected.rejects.map(({ reason }) => reason)).toContain('its limits allow no machine')
})

test('a limit of none at all allows no machine, and leaves the others', async () => {
  const { collected } = await runImporter(cudoCase, (asked, good) => {
    const rows = cudoCase.rowsOf(structuredClone(cudoCase.world(asked)))
    if (rows === null) return good()
    const [first, ...others] = rows
    const unset = { ...first, minVcpuPerMemoryGib: 0, maxVcpuPerMemoryGib: 0 }
    return { body: JSON.stringify({ machineTypes: [unset, ...others] }) }
  })
  expect(collected.rejects.map(({ reason }) => reason)).toContain('its limits allow no machine')
  expect(collected.offers.length).toBeGreaterThan(0)
})
