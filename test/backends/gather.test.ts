/** What no source may bring into a catalog, and what of two rows of one offer stays. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endpointVariable } from '#backends/kit/endpoint'
import { newGathering } from '#backends/kit/gather'
import type { InstanceType, Stock } from '#domain/offer'
import { refresh } from '#refresh/refresh'
import { startServer } from '../contract/scripted-server.ts'
import { cloudriftCase } from './cloudrift/cloudrift-case.ts'

const gpu = { name: 'L4', vendor: 'nvidia', memoryMib: 24576, computeCapability: [8, 9] } as const
const machine: InstanceType = {
  name: 'one',
  cpus: 4,
  memoryMib: 16384,
  gpu,
  gpuCount: 1,
  diskMib: null,
  architecture: null,
}

const gathered = (
  rows: readonly { readonly usd?: number; readonly stock?: Stock; readonly region?: string }[],
  changed: Partial<InstanceType> = {},
) => {
  const gathering = newGathering('acme', { source: 'x', observedAt: '2026-11-24T12:00:00Z' }, [])
  for (const { usd = 1, stock = 'low', region = 'r' } of rows) {
    const instanceType = { ...machine, ...changed }
    gathering.offer({ region, instanceType, spot: false, priceNanoUsd: usd * 1e9, stock })
  }
  return gathering.end()
}

test.each([
  [{ gpuCount: 1.5 }, 'no whole number of accelerators'],
  [{ gpuCount: -2 }, 'no whole number of accelerators'],
  [{ gpuCount: 0 }, 'no whole number of accelerators'],
  [{ gpu: null }, 'no whole number of accelerators'],
  [{ name: ' ' }, 'no usable name'],
  [{ name: 'red\u001B[31m' }, 'no usable name'],
  [{ cpus: 0.0001 }, 'no vCPU or no memory'],
  [{ cpus: Infinity }, 'no vCPU or no memory'],
] as const)('%o is rejected and counted', (changed, reason) => {
  const { offers, rejects } = gathered([{}], changed)
  expect(offers).toEqual([])
  expect(rejects.map((one) => one.reason)).toEqual([reason])
})

test('a region without a name, or with a control character in it, is no region', () => {
  const { offers, rejects } = gathered([{ region: '' }, { region: 'a\nb' }, { region: 'us-1' }])
  expect(offers.map(({ region }) => region)).toEqual(['us-1'])
  expect(rejects.map(({ reason }) => reason)).toEqual(['no usable region', 'no usable region'])
})

test('of two rows of one offer the dearer stays, at one price the one in stock, in any order', () => {
  const dear = { usd: 2, stock: 'none' } as const
  const cheap = { usd: 1, stock: 'low' } as const
  const out = { usd: 1, stock: 'none' } as const
  const kept = (...rows: (typeof dear | typeof cheap | typeof out)[]) =>
    gathered(rows).offers.map(({ priceNanoUsd, stock }) => [priceNanoUsd, stock])
  expect(kept(dear, cheap)).toEqual([[2e9, 'none']])
  expect(kept(cheap, dear)).toEqual([[2e9, 'none']])
  expect(kept(cheap, out)).toEqual([[1e9, 'low']])
  expect(kept(out, cheap)).toEqual([[1e9, 'low']])
})

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dstack-offers-gather-'))
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
})

test('one and a half accelerators cost their row, not the backend', async () => {
  const variant = {
    cpu_count: 8,
    dram: 64e9,
    vram: 24 * 1024 ** 3,
    cost_per_hour: 40,
    available_nodes_per_dc: { 'us-1': 3 },
  }
  const variants = [
    { ...variant, name: 'whole', gpu_count: 1 },
    { ...variant, name: 'half', gpu_count: 1.5 },
  ]
  const family = { name: 'rtx4090', brand_short: 'RTX 4090', variants }
  const body = JSON.stringify({ data: { instance_types: [family] } })
  const server = await startServer(() => ({ body }))
  try {
    const { backends } = await refresh({
      backends: [cloudriftCase.backend],
      environment: { [endpointVariable('cloudrift')]: server.url, DSTACK_OFFERS_HOME: home },
    })
    expect(backends[0]).toMatchObject({
      state: 'refreshed',
      offers: 1,
      rejects: { 'no whole number of accelerators': 1 },
    })
  } finally {
    await server.close()
  }
})
