import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { gpuClouds, leftOutClouds } from '../../scripts/embed/gpu-clouds.ts'
import type { Extraction } from '../../scripts/embed/source.ts'
import { canonicalBackend } from '#domain/backend'

type Row = Readonly<Record<string, unknown>>

const row = (over: Row = {}): Row => ({
  id: 'runpod-rtx-4090-secure',
  provider_id: 'runpod',
  gpu_model: 'NVIDIA RTX 4090',
  vram_gb: 24,
  tier: 'secure',
  is_spot: false,
  price_usd_hour: 0.69,
  vcpu: 6,
  ram_gb: 41,
  notes: null,
  ...over,
})

const directoryOf = (rows: readonly Row[]): string => {
  const directory = mkdtempSync(join(tmpdir(), 'clouds-embed-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  mkdirSync(join(directory, 'gpu-clouds'))
  writeFileSync(join(directory, 'gpu-clouds/offerings.json'), JSON.stringify(rows))
  return directory
}

const extract = (backend: string, ...rows: Row[]): Extraction => {
  const source = gpuClouds.find((cloud) => cloud.backend === backend)
  if (!source) throw new Error(`no cloud "${backend}"`)
  return source.extract(directoryOf(rows))
}

test('every cloud goes by a name that a configuration may use', () => {
  const names = gpuClouds.map(({ backend }) => backend)
  expect(names.filter((name) => canonicalBackend(name) !== name)).toEqual([])
  expect(names.length).toBeGreaterThanOrEqual(8)
})

describe('a row', () => {
  test('becomes an offer of one accelerator in an unknown region', () => {
    expect(extract('runpod', row()).offers).toEqual([
      {
        id: 'runpod/?/rtx-4090-secure/on-demand',
        backend: 'runpod',
        region: null,
        instanceType: {
          name: 'rtx-4090-secure',
          cpus: 6,
          memoryMib: 41_984,
          gpu: {
            name: 'RTX4090',
            vendor: 'nvidia',
            memoryMib: 24_576,
            computeCapability: [8, 9],
          },
          gpuCount: 1,
          diskMib: null,
          architecture: null,
        },
        spot: false,
        priceNanoUsd: 690_000_000,
        stock: 'unknown',
        observation: {
          source: 'tardellirs/gpu-pricing offerings.json@8f09a68',
          observedAt: '2026-05-24T00:00:00Z',
        },
      },
    ])
  })

  test('of a cloud with another name here is found under ours', () => {
    const lambda = row({ id: 'lambda-a10-on-demand', provider_id: 'lambda', gpu_model: 'A10' })
    const { offers, rowsRead } = extract('lambdalabs', lambda, row())
    expect(offers.map(({ id }) => id)).toEqual(['lambdalabs/?/a10/on-demand'])
    expect(rowsRead).toBe(1)
  })

  test('of spot and its on-demand pair share an instance type', () => {
    const cloud = { provider_id: 'dataoorts' }
    const { offers } = extract(
      'dataoorts',
      row({ ...cloud, id: 'dataoorts-nova-a-spot', is_spot: true, price_usd_hour: 0.3 }),
      row({ ...cloud, id: 'dataoorts-nova-a-on-demand' }),
    )
    expect(offers.map(({ instanceType, spot }) => [instanceType.name, spot])).toEqual([
      ['nova-a', true],
      ['nova-a', false],
    ])
  })

  test('of a superchip has an Arm processor', () => {
    const { offers } = extract('runpod', row({ gpu_model: 'NVIDIA GH200', vram_gb: 96 }))
    expect(offers[0]?.instanceType.architecture).toBe('arm64')
  })

  test.each([
    ['without vCPUs', { vcpu: null }, 'vCPUs and memory are not given'],
    ['without memory', { ram_gb: undefined }, 'vCPUs and memory are not given'],
    ['estimated', { caveats: ['Spot price estimated (-56%)'] }, 'price is an estimate'],
    ['approximate', { notes: 'Hopper, approximate price' }, 'price is an estimate'],
    ['serverless', { notes: 'Ada consumer, Active spot' }, 'serverless, no instance'],
    ['of no known model', { gpu_model: 'Foo' }, 'no model "Foo" of 24 GB'],
    ['of more memory than the model has', { vram_gb: 48 }, 'no model "NVIDIA RTX 4090" of 48 GB'],
    ['of no price', { price_usd_hour: 0 }, 'no price above zero'],
  ])('%s is rejected', (_, over, reason) => {
    const { offers, rejected } = extract('runpod', row(over))
    expect(offers).toEqual([])
    expect([...rejected]).toEqual([[reason, 1]])
  })
})

test('clouds that price a GPU without its machine are told by name', () => {
  const rows = [row(), row({ provider_id: 'verda' }), row({ provider_id: 'verda' })]
  expect(leftOutClouds(directoryOf(rows))).toMatchObject([{ backend: 'verda', rows: 2 }])
})
