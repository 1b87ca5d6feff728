/**
 * The chapters of the importer contract that a file of hosts can be put through: there is no server
 * to ask, so those about answers say why they do not run.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ssh } from '#backends/ssh/backend'
import { machinesOf } from '#catalog/machines'
import type { Offer } from '#domain/offer'
import { openCatalog } from '#offers/catalog'
import { refresh } from '#refresh/refresh'
import { outcomeOf } from '#refresh/report'
import { anOffer, someRequirements } from '../../builders.ts'
import { newTestClock } from '../../contract/test-clock.ts'

const box = {
  name: 'box-1',
  address: '192.0.2.7',
  user: 'me',
  identity_file: '~/.ssh/canary-key',
  cpus: 16,
  memory_gb: 64,
}
const gpuBox = {
  ...box,
  name: 'rig',
  region: 'basement',
  disk_gb: 500,
  gpu: { name: 'RTX4090', memory_gb: 24, count: 2 },
  price: 0.35,
}

describe('ssh: what its importer must hold', () => {
  const home = mkdtempSync(join(tmpdir(), 'ssh-importer-'))
  const file = join(home, 'hosts.yml')
  const environment = { DSTACK_OFFERS_HOME: home, HOME: home }
  const write = (...hosts: readonly object[]): void =>
    writeFileSync(file, JSON.stringify({ hosts }))
  const run = async (over: Readonly<Record<string, string>> = {}) => {
    const options = { backends: [ssh], clock: newTestClock() }
    const report = await refresh({ ...options, environment: { ...environment, ...over } })
    const [own] = report.backends
    if (own === undefined) throw new Error('no report')
    return { ...own, outcome: outcomeOf(report, false) }
  }
  const held = (): readonly Offer[] => {
    const catalog = openCatalog({ environment })
    try {
      return catalog.first(someRequirements({ backends: ['ssh'] }), 0)
    } finally {
      catalog.close()
    }
  }
  const prices = () => held().map(({ id, priceNanoUsd }) => [id, priceNanoUsd])

  beforeEach(() => {
    rmSync(home, { recursive: true, force: true })
    mkdirSync(home)
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))

  test('C01 C06 a file of hosts gives exactly these offers, free where it names no price', async () => {
    write(box, gpuBox)
    expect(await run()).toMatchObject({ state: 'refreshed', offers: 2, why: [], problem: null })
    expect(held()).toMatchObject([
      {
        id: 'ssh/?/box-1/on-demand',
        priceNanoUsd: 0,
        stock: 'unknown',
        instanceType: { cpus: 16, memoryMib: 65_536, gpu: null, gpuCount: 0, diskMib: null },
      },
      {
        id: 'ssh/basement/rig/on-demand',
        priceNanoUsd: 350_000_000,
        stock: 'unknown',
        instanceType: {
          gpu: { name: 'RTX4090', memoryMib: 24_576 },
          gpuCount: 2,
          diskMib: 512_000,
        },
      },
    ])
  })

  test('C03 two hosts of one name are refused', async () => {
    write(box, { ...box, region: 'attic' })
    const message = `"${file}" has two hosts of the name "box-1"`
    expect(await run()).toMatchObject({ state: 'failed', problem: { message } })
  })

  test('a price of 0 is an error at a backend that sells', () => {
    const free = (backend: string) => [anOffer({ backend, priceNanoUsd: 0 })]
    expect(() => machinesOf('aws', free('aws'))).toThrow('price 0 is no whole number')
    expect(machinesOf('ssh', free('ssh'))).toHaveLength(1)
    expect(() => machinesOf('ssh', [anOffer({ backend: 'ssh', priceNanoUsd: -1 })])).toThrow('-1')
  })

  test('C07 C08 a list that did not come, or came twice, is incomplete', async () => {
    const importer = await ssh.importer()
    const page = { list: 'hosts', index: 0, key: 'hosts', rows: 1, total: null, cutAt: null }
    const account = { ...page, more: false, announces: [] }
    expect(importer.seal({ pages: [], offers: 0 }).complete).toBe(false)
    expect(importer.seal({ pages: [account, account], offers: 1 }).complete).toBe(false)
    expect(importer.seal({ pages: [account], offers: 1 }).complete).toBe(true)
  })

  test('C10 a file without hosts is believed, however many were held', async () => {
    write(...Array.from({ length: 20 }, (_, at) => ({ ...box, name: `box-${at}` })))
    await run()
    expect(held()).toHaveLength(20)
    write()
    expect(await run()).toMatchObject({ state: 'refreshed', why: [], changes: { removed: 20 } })
    expect(held()).toEqual([])
  })

  test('C15 C16 C17 what is wrong in the file is named, and the catalog keeps what it has', async () => {
    write(box)
    await run()
    const wrong: readonly (readonly [object, string])[] = [
      [{ ...box, cpus: 'many' }, 'hosts.0.cpus'],
      [{ ...box, price: -1 }, 'hosts.0.price'],
      [{ ...box, price: 'free' }, 'hosts.0.price'],
      [{ ...box, price: 1e300 }, 'hosts.0.price'],
      [{ ...gpuBox, gpu: { name: 'ZX9000 Quantum', count: 1 } }, 'ZX9000 Quantum'],
    ]
    for (const [host, named] of wrong) {
      write(host)
      const report = await run()
      expect(report, named).toMatchObject({
        state: 'failed',
        problem: { code: 'backend-unusable' },
      })
      expect(report.problem?.message).toContain(named)
    }
    write({ ...box, a_new_field: true })
    expect((await run()).state).toBe('unchanged')
    writeFileSync(file, 'hosts: [')
    expect((await run()).problem?.message).toContain(`"${file}" is no YAML`)
    expect(prices()).toEqual([['ssh/?/box-1/on-demand', 0]])
  })

  test('C18 without a file nothing is opened, and a plain refresh is no failure', async () => {
    expect(await run()).toMatchObject({ state: 'skipped', outcome: 'done' })
    expect((await run()).why.join()).toContain('DSTACK_OFFERS_SSH_HOSTS')
    const absent = join(home, 'elsewhere.yml')
    expect(await run({ DSTACK_OFFERS_SSH_HOSTS: absent })).toMatchObject({
      state: 'failed',
      problem: { message: `there is no file of hosts "${absent}"` },
    })
  })

  test('C20 how to reach a host is in no report and in no catalog', async () => {
    write(box, gpuBox)
    const text = JSON.stringify(await run()) + readFileSync(join(home, 'catalog.sqlite'), 'latin1')
    for (const word of ['canary-key', '192.0.2.7']) expect(text).not.toContain(word)
  })

  test('C24 the same file twice changes nothing; of prices any change is believed', async () => {
    const boxes = Array.from({ length: 12 }, (_, at) => ({ ...gpuBox, name: `rig-${at}` }))
    const price = async (price: number) => {
      write(...boxes.map((one) => ({ ...one, price })))
      return run()
    }
    expect((await price(0)).state).toBe('refreshed')
    const before = readFileSync(join(home, 'catalog.sqlite'))
    expect((await price(0)).state).toBe('unchanged')
    expect(readFileSync(join(home, 'catalog.sqlite')).equals(before)).toBe(true)
    for (const next of [100, 0.001, 0, 5]) {
      expect(await price(next)).toMatchObject({
        state: 'refreshed',
        why: [],
        changes: { priced: 12 },
      })
    }
  })

  test.for([
    ['C02', 'a file has one page, and one host of a name'],
    ['C05', 'of one’s own machine nothing is implausible'],
    ['C09', 'a file is never cut off in silence'],
    ['C11 to C14, C19, C21, C22', 'no server is asked'],
    ['C23', 'it is no great file'],
  ] as const)('%s does not run: %s', ([, reason], { skip }) => {
    skip(reason)
    expect.unreachable()
  })
})
