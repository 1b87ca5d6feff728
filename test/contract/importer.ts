/**
 * The contract of every importer, C01 to C24. Declared traits decide which chapters run; one that
 * does not run says why.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpointVariable } from '#backends/kit/endpoint'
import type { Importer, ImportPage } from '#backends/kit/importer'
import { gpusNamed } from '#domain/gpu-models'
import { KnownError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import { refresh } from '#refresh/refresh'
import type { ImporterCase, Row } from './importer-case.ts'
import { measureImport } from './measure-import.ts'
import { goodReply, noTables, type Run, runImporter, wire } from './run-importer.ts'
import { euroRatesReply } from './euro-rates.ts'
import { type Asked, type Reply, type ScriptedServer, startServer } from './scripted-server.ts'
import { newTestClock } from './test-clock.ts'

const lineOf = ({ id, priceNanoUsd, stock, instanceType: type }: Offer): string => {
  const gpu = type.gpu ? `${type.gpuCount}x${type.gpu.name}:${type.gpu.memoryMib}` : '-'
  const machine = `${type.cpus} ${type.memoryMib} ${gpu} ${type.diskMib ?? '?'} ${type.architecture ?? '?'}`
  return `${id} ${priceNanoUsd === null ? '?' : printUsd(priceNanoUsd)} ${stock} ${machine}`
}

const linesOf = (offers: readonly Offer[]): readonly string[] => offers.map(lineOf).sort()

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'no error'
  } catch (error) {
    return error instanceof KnownError ? error.code : `not a known error: ${String(error)}`
  }
}

/** The answer of the good world with its rows changed. */
const changed = (
  one: ImporterCase,
  change: (row: Row, index: number) => void,
): ((asked: Asked, good: () => Reply) => Reply) => {
  return (asked, good) => {
    const answer = one.world(asked)
    if (answer === undefined) return good()
    const copy: unknown = structuredClone(answer)
    for (const [index, row] of (one.rowsOf(copy) ?? []).entries()) change(row, index)
    const reply = wire(one, copy, asked)
    if (typeof reply === 'string' || typeof reply.body !== 'string') return reply
    // JSON has no infinity: a source would write it out of range.
    return { ...reply, body: reply.body.replaceAll('"<infinite>"', '1e999') }
  }
}

const pricePerGpu = ({ priceNanoUsd, instanceType }: Offer): number =>
  (priceNanoUsd ?? 0) / 1e9 / instanceType.gpuCount

const isVramOf = ({ instanceType: { gpu } }: Offer): boolean => {
  if (!gpu) return true
  const [name = '', denominator = '1'] = gpu.name.split('-1/')
  const sizes = gpusNamed(name).map(({ memoryMib }) => memoryMib / Number(denominator))
  return sizes.some((size) => Math.abs(gpu.memoryMib - size) / size <= 0.08)
}

const reversed = (page: ImportPage): ImportPage => {
  const copy: Record<string, unknown> = { ...page }
  for (const [key, value] of Object.entries(copy)) {
    if (Array.isArray(value)) copy[key] = value.toReversed()
  }
  return copy as unknown as ImportPage
}

const offersOf = (importer: Importer, pages: readonly ImportPage[], one: ImporterCase) =>
  pages.flatMap((page) => importer.toOffers(page, one.tables ?? noTables).offers)

/** Whether a text of any file under a folder holds one of the words. */
const filesHolding = (folder: string, words: readonly string[]): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => words.some((word) => readFileSync(file).includes(word)))
    : []

export const importerContract = (one: ImporterCase, golden: string): void => {
  const { name } = one.backend
  describe(`${name}: what an importer must hold`, () => {
    let good: Run
    let home: string
    let euroRates: ScriptedServer

    beforeAll(async () => {
      euroRates = await startServer(() => euroRatesReply('2026-11-24', '1.25'))
      good = await runImporter(one)
      home = mkdtempSync(join(tmpdir(), 'dstack-offers-contract-'))
    })
    afterAll(async () => {
      await euroRates.close()
      rmSync(home, { recursive: true, force: true })
    })

    const environment = (url: string) => ({
      ...one.credentials,
      [endpointVariable(name)]: url,
      [endpointVariable('ecb')]: euroRates.url,
      DSTACK_OFFERS_HOME: home,
    })
    const refreshed = async (respond: (asked: Asked) => Reply) => {
      const clock = newTestClock()
      const server = await startServer(respond)
      try {
        const report = await refresh({
          backends: [one.backend],
          environment: environment(server.url),
          clock,
          // What is recorded may be a small part of what the program comes with.
          bounds: { [name]: { firstLost: 1 } },
        })
        return { report, server }
      } finally {
        await server.close()
      }
    }

    test('C01 the recorded pages give exactly these offers', async () => {
      expect(good.collected.sealed).toEqual({ complete: true })
      await expect(`${linesOf(good.collected.offers).join('\n')}\n`).toMatchFileSnapshot(golden)
    })

    test('C02 the same pages give the same offers, in any order', () => {
      const { importer, pages } = good
      const once = linesOf(offersOf(importer, pages, one))
      expect(linesOf(offersOf(importer, pages, one))).toEqual(once)
      expect(linesOf(offersOf(importer, pages.toReversed(), one))).toEqual(once)
      expect(linesOf(offersOf(importer, pages.map(reversed), one))).toEqual(once)
    })

    test('C03 no two offers are the same', () => {
      const ids = good.collected.offers.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
    })

    test('C04 figures are what figures can be', () => {
      expect(good.collected.offers.length).toBeGreaterThan(0)
      for (const offer of good.collected.offers) {
        const { instanceType: type, priceNanoUsd } = offer
        expect(Number.isSafeInteger(priceNanoUsd) && Number(priceNanoUsd) > 0, offer.id).toBe(true)
        expect(type.cpus, offer.id).toBeGreaterThan(0)
        expect(Number.isSafeInteger(type.memoryMib) && type.memoryMib > 0, offer.id).toBe(true)
        expect(type.gpu === null, offer.id).toBe(type.gpuCount === 0)
        expect(type.diskMib === null || type.diskMib > 0, offer.id).toBe(true)
        expect(offer.backend, offer.id).toBe(name)
        expect(offer.region, offer.id).not.toBe('')
      }
    })

    test('C05 units are plausible: memory per vCPU, accelerator memory, price per accelerator', () => {
      for (const offer of good.collected.offers) {
        const { instanceType: type } = offer
        const gibPerCpu = type.memoryMib / 1024 / type.cpus
        expect(gibPerCpu, offer.id).toBeGreaterThanOrEqual(0.25)
        expect(gibPerCpu, offer.id).toBeLessThanOrEqual(128)
        expect(isVramOf(offer), offer.id).toBe(true)
        if (type.gpuCount === 0) continue
        expect(pricePerGpu(offer), offer.id).toBeGreaterThanOrEqual(0.005)
        expect(pricePerGpu(offer), offer.id).toBeLessThanOrEqual(30)
      }
    })

    test('C05 more of one accelerator in a region never costs less', () => {
      const cheapest = new Map<string, Map<number, number>>()
      for (const { region, spot, instanceType: type, priceNanoUsd } of good.collected.offers) {
        if (type.gpu === null) continue
        const key = `${type.gpu.name} ${type.gpu.memoryMib} ${region} ${spot}`
        const byCount = cheapest.get(key) ?? new Map<number, number>()
        cheapest.set(key, byCount)
        const price = Math.min(Number(priceNanoUsd), byCount.get(type.gpuCount) ?? Infinity)
        byCount.set(type.gpuCount, price)
      }
      for (const [key, byCount] of cheapest) {
        const prices = [...byCount].toSorted(([a], [b]) => a - b).map(([, price]) => price)
        expect(prices, key).toEqual(prices.toSorted((a, b) => a - b))
      }
    })

    test('C06 prices are those that are stated elsewhere', () => {
      const prices = new Map(good.collected.offers.map((offer) => [offer.id, offer.priceNanoUsd]))
      const enough = Math.min(5, prices.size)
      expect(Object.keys(one.oracle).length).toBeGreaterThanOrEqual(enough)
      for (const [id, usd] of Object.entries(one.oracle)) {
        const nano = prices.get(id)
        expect(nano === undefined ? 'absent' : printUsd(Number(nano)), id).toBe(usd)
      }
    })

    test('C07 without its last page it is incomplete', () => {
      const { importer, collected } = good
      for (const dropped of collected.pages) {
        const pages = collected.pages.filter((page) => page !== dropped)
        const summary = { pages, offers: collected.offers.length }
        expect(importer.seal(summary).complete, `without ${dropped.list}`).toBe(false)
      }
    })

    test('C08 a page that comes twice makes it incomplete', () => {
      const { importer, collected } = good
      const [first] = collected.pages
      if (!first) throw new Error('no page')
      const pages = [first, ...collected.pages]
      expect(importer.seal({ pages, offers: 1 }).complete).toBe(false)
    })

    test('C09 a list as long as its limit is incomplete', async ({ skip }) => {
      const { cutAt } = one
      if (cutAt === null) return skip('the source has no limit that cuts a list off in silence')
      const full = await runImporter(one, (asked, good) => {
        const answer: unknown = structuredClone(one.world(asked))
        const rows = one.rowsOf(answer)
        const [first] = rows ?? []
        if (!rows || !first) return good()
        while (rows.length < cutAt) rows.push(first)
        return wire(one, answer, asked)
      })
      expect(full.collected.sealed.complete).toBe(false)
    })

    test('C10 an empty answer is what the traits say', async () => {
      const { traits } = good.importer
      const empty = await runImporter(one, (asked, good) => {
        const answer: unknown = structuredClone(one.world(asked))
        const rows = one.rowsOf(answer)
        if (!rows) return good()
        rows.length = 0
        return wire(one, answer, asked)
      })
      expect(empty.collected.offers).toEqual([])
      expect(empty.collected.sealed.complete).toBe(traits.emptyResult === 'valid')
    })

    test('C11 whichever request fails, no offer of another place or price comes of it', async () => {
      const known = new Set(linesOf(good.collected.offers))
      const keys = [...new Set(good.server.asked.map(({ key }) => key))]
      for (const failing of keys) {
        const code = await codeOf(
          runImporter(one, (asked, good) => (asked.key === failing ? { status: 500 } : good())),
        )
        expect(code, failing).toBe('upstream-refused')
        const failed = new Set<string>()
        const once = await runImporter(one, (asked, good) => {
          if (asked.key !== failing || failed.has(asked.key)) return good()
          failed.add(asked.key)
          return { status: 503 }
        })
        expect(linesOf(once.collected.offers).filter((line) => !known.has(line))).toEqual([])
        expect(once.collected.offers.length).toBe(good.collected.offers.length)
      }
    })

    test('C12 a limit is waited for: as long as is asked, in plain text or not', async () => {
      for (const headers of [{ 'retry-after': '7', 'content-type': 'text/plain' }, {}]) {
        const limited = new Set<string>()
        const run = await runImporter(one, (asked, good) => {
          if (limited.has(asked.key)) return good()
          limited.add(asked.key)
          return { status: 429, headers, body: 'too many requests' }
        })
        expect(linesOf(run.collected.offers)).toEqual(linesOf(good.collected.offers))
        const wait = 'retry-after' in headers ? 7000 : 500
        expect(run.clock.slept).toContain(wait)
      }
    })

    test('C13 an error that comes with status 200 is an error', async () => {
      const error = (asked: Asked): Reply => wire(one, one.errorAnswer, asked)
      expect(await codeOf(runImporter(one, error))).toMatch(/^upstream-/)
    })

    test('C14 what is no JSON, or a gzip cut off, is an error', async () => {
      const html = {
        body: '<html>Down for maintenance</html>',
        headers: { 'content-type': 'text/html' },
      }
      expect(await codeOf(runImporter(one, () => html))).toBe('upstream-invalid')
      const cut = await codeOf(
        runImporter(one, (_asked, good) => {
          const reply = good()
          const whole = gzipSync(typeof reply === 'string' ? '{}' : (reply.body ?? '{}'))
          const body = whole.subarray(0, Math.floor(whole.length / 2))
          return { body, headers: { 'content-encoding': 'gzip' } }
        }),
      )
      expect(cut).toBe('upstream-invalid')
      const whole = await runImporter(one, (_asked, good) => {
        const reply = good()
        return typeof reply === 'object' && reply.body !== undefined
          ? {
              body: gzipSync(reply.body),
              headers: { ...reply.headers, 'content-encoding': 'gzip' },
            }
          : reply
      })
      expect(linesOf(whole.collected.offers)).toEqual(linesOf(good.collected.offers))
    })

    test('C15 an unknown field changes nothing; a field of another kind costs its row alone', async () => {
      const more = await runImporter(
        one,
        changed(one, (row) => {
          row['a_new_field'] = { deep: ['value'] }
        }),
      )
      expect(linesOf(more.collected.offers)).toEqual(linesOf(good.collected.offers))
      const broken = await runImporter(one, (asked, good) => {
        const answer: unknown = structuredClone(one.world(asked))
        const rows = one.rowsOf(answer)
        if (!rows) return good()
        rows[0] = { id: null, name: 7 }
        return wire(one, answer, asked)
      })
      const known = new Set(linesOf(good.collected.offers))
      expect(linesOf(broken.collected.offers).filter((line) => !known.has(line))).toEqual([])
      expect(broken.collected.offers.length).toBeGreaterThan(0)
      expect(broken.collected.malformed).toBeGreaterThan(good.collected.malformed)
    })

    test('C16 an unknown accelerator is rejected and counted, and no CPU machine', async ({
      skip,
    }) => {
      let changedRows = 0
      const strange = await runImporter(
        one,
        changed(one, (row) => {
          if (one.setGpu(row, 'ZX9000 Quantum')) changedRows += 1
        }),
      )
      if (changedRows === 0) return skip('the source names sizes, not accelerators')
      const { offers, rejects } = strange.collected
      expect(offers.filter(({ instanceType }) => instanceType.gpuCount > 0)).toEqual([])
      const cpu = good.collected.offers.filter(({ instanceType }) => instanceType.gpuCount === 0)
      expect(linesOf(offers)).toEqual(linesOf(cpu))
      expect(rejects.map(({ reason }) => reason)).toContain('no known model of accelerator')
    })

    test('C17 no price is zero, negative, infinite or no number', async () => {
      for (const price of [0, -1, null, 'NaN', '<infinite>', 'free']) {
        const run = await runImporter(
          one,
          changed(one, (row) => one.setPrice(row, price)),
        )
        const onDemand = run.collected.offers.filter(({ spot }) => !spot)
        expect(linesOf(onDemand), String(price)).toEqual([])
      }
    })

    test('C18 without credentials nothing is opened', async ({ skip }) => {
      if (good.importer.traits.credentials !== 'required') return skip('the source needs none')
      const server = await startServer(() => ({ status: 500 }))
      const variables = Object.keys(one.credentials)
      const environment = { [endpointVariable(name)]: server.url, DSTACK_OFFERS_HOME: home }
      const report = await refresh({ backends: [one.backend], environment })
      await server.close()
      expect(server.connections()).toBe(0)
      expect(report.backends[0]?.state).toBe('skipped')
      for (const variable of variables) expect(report.backends[0]?.why.join()).toContain(variable)
    })

    test('C19 rejected credentials are told as such, after one attempt', async () => {
      for (const status of [401, 403]) {
        const { report, server } = await refreshed(() => ({ status, body: 'no' }))
        expect(report.backends[0]?.problem?.code).toBe('upstream-credentials')
        expect(report.backends[0]?.state).toBe('failed')
        expect(server.asked.length).toBe(1)
      }
    })

    test('C20 secrets turn up nowhere', async ({ skip }) => {
      const secrets = Object.values(one.credentials)
      if (secrets.length === 0) return skip('the source asks for none')
      const echo = (asked: Asked) => `${JSON.stringify(asked.headers)} ${asked.body}`
      const reports = [
        await refreshed((asked) => goodReply(one, asked)),
        await refreshed((asked) => ({ status: 500, body: echo(asked) })),
        await refreshed((asked) => ({ status: 401, body: echo(asked) })),
        await refreshed((asked) => ({ body: echo(asked) })),
        await refreshed(() => 'reset'),
      ].map(({ report }) => JSON.stringify(report))
      for (const secret of secrets) {
        expect(reports.filter((report) => report.includes(secret))).toEqual([])
      }
      expect(filesHolding(home, secrets)).toEqual([])
    })

    test('C21 it stops within 100 ms when told to', { retry: 2 }, async () => {
      for (const reply of ['hang', 'stall'] as const) {
        const controller = new AbortController()
        let abortedMs = 0
        const run = runImporter(
          one,
          () => {
            setTimeout(() => {
              abortedMs = performance.now()
              controller.abort(new Error('told to stop'))
            }, 20)
            return reply
          },
          controller.signal,
        )
        await expect(run).rejects.toThrow('told to stop')
        expect(performance.now() - abortedMs).toBeLessThan(100)
      }
    })

    test('C22 requests are as far apart as the traits say', () => {
      const { intervalMs } = good.importer.traits.limit
      const starts = good.server.asked.map(({ atMs }) => atMs)
      for (const [index, startMs] of starts.slice(1).entries()) {
        expect(startMs - (starts[index] ?? 0)).toBeGreaterThanOrEqual(intervalMs)
      }
    })

    test('C23 a file of 300 MB takes 150 MB at most', async ({ skip }) => {
      if (good.importer.traits.kind !== 'bulk') {
        return skip('the source gives pages, no single great file')
      }
      const { peakMib, streamedBytes, offers } = await measureImport(one, 300 * 1024 * 1024)
      expect(streamedBytes).toBeGreaterThanOrEqual(300 * 1024 * 1024)
      expect(offers).toBe(good.collected.offers.length)
      expect(peakMib).toBeLessThanOrEqual(150)
    })

    test('C24 the same answers twice change nothing', async () => {
      rmSync(home, { recursive: true, force: true })
      const respond = (asked: Asked): Reply => goodReply(one, asked)
      const first = await refreshed(respond)
      const [report] = first.report.backends
      expect(report?.why).toEqual([])
      expect(report?.state).toBe('refreshed')
      const file = join(home, 'catalog.sqlite')
      const before = readFileSync(file)
      const second = await refreshed(respond)
      expect(second.report.backends[0]?.state).toBe('unchanged')
      expect(readFileSync(file).equals(before)).toBe(true)
    })
  })
}
