/** The contract of importers, chapter by chapter, for a backend that speaks gRPC. */
import { status } from '@grpc/grpc-js'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpointVariable } from '#backends/kit/endpoint'
import type { ImportPage } from '#backends/kit/importer'
import { nebius } from '#backends/nebius/backend'
import { KnownError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import { refresh } from '#refresh/refresh'
import { noTables } from '../../contract/run-importer.ts'
import { newTestClock } from '../../contract/test-clock.ts'
import { type Asked, type Reply, startNebius } from './fake-nebius.ts'
import { keyEnvironment, privateKeyPem, runNebius } from './run-nebius.ts'
import { answerOf, goodWorld, type PlatformRow, platformMessage, type World } from './world.ts'
import { message } from './wire.ts'

const lineOf = ({ id, priceNanoUsd, stock, instanceType: type }: Offer): string => {
  const gpu = type.gpu ? `${type.gpuCount}x${type.gpu.name}:${type.gpu.memoryMib}` : '-'
  const price = priceNanoUsd === null ? '?' : printUsd(priceNanoUsd)
  return `${id} ${price} ${stock} ${type.cpus} ${type.memoryMib} ${gpu} ${type.diskMib ?? '?'} ${type.architecture ?? '?'}`
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

const changedPlatforms = (change: (row: PlatformRow) => PlatformRow): World => ({
  ...goodWorld,
  platforms: Object.fromEntries(
    Object.entries(goodWorld.platforms).map(([project, rows]) => [project, rows.map(change)]),
  ),
})

const reversed = (page: ImportPage): ImportPage => {
  const copy: Record<string, unknown> = { ...page }
  for (const [key, value] of Object.entries(copy)) {
    if (Array.isArray(value)) copy[key] = value.toReversed()
  }
  return copy as unknown as ImportPage
}

describe('nebius: what an importer must hold', () => {
  let good: Awaited<ReturnType<typeof runNebius>>
  let home: string

  beforeAll(async () => {
    good = await runNebius()
    home = mkdtempSync(join(tmpdir(), 'dstack-offers-nebius-'))
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))

  const refreshed = async (respond: (asked: Asked) => Reply, environment = keyEnvironment) => {
    const server = await startNebius(respond)
    try {
      const report = await refresh({
        backends: [nebius],
        environment: {
          ...environment,
          [endpointVariable('nebius')]: server.url,
          DSTACK_OFFERS_HOME: home,
        },
        clock: newTestClock(),
      })
      return { outcome: report.backends[0], text: JSON.stringify(report), server }
    } finally {
      server.close()
    }
  }

  test('C01 the answers give exactly these offers', async () => {
    expect(good.collected.sealed).toEqual({ complete: true })
    expect(good.collected.rejects).toEqual([])
    const lines = linesOf(good.collected.offers)
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('fixtures/golden.txt')
  })

  test('C02 the same pages give the same offers, in any order', () => {
    const { importer, pages } = good
    const offersOf = (some: readonly ImportPage[]): readonly string[] =>
      linesOf(some.flatMap((page) => importer.toOffers(page, noTables).offers))
    expect(offersOf(pages.toReversed())).toEqual(offersOf(pages))
    expect(offersOf(pages.map(reversed))).toEqual(offersOf(pages))
  })

  test('C03-C05 each offer is there once, with figures that can be', () => {
    const { offers } = good.collected
    expect(new Set(offers.map(({ id }) => id)).size).toBe(offers.length)
    for (const { id, instanceType: type, priceNanoUsd } of offers) {
      expect(Number.isSafeInteger(priceNanoUsd) && Number(priceNanoUsd) > 0, id).toBe(true)
      expect(type.memoryMib / 1024 / type.cpus, id).toBeGreaterThanOrEqual(1)
      expect(type.gpu === null, id).toBe(type.gpuCount === 0)
    }
  })

  test('C06 prices are those that are published', () => {
    const prices = new Map(good.collected.offers.map((one) => [one.id, one.priceNanoUsd]))
    const oracle = {
      'nebius/eu-north1/cpu-d3 4vcpu-16gb/on-demand': '0.0992',
      'nebius/eu-north1/gpu-h100-sxm 8gpu-128vcpu-1600gb/on-demand': '23.6',
      'nebius/eu-north1/gpu-h100-sxm 1gpu-16vcpu-200gb/spot': '1.25',
      'nebius/uk-south2/gpu-rtx6000-a 1gpu-24vcpu-218gb/on-demand': '1.8',
    }
    for (const [id, usd] of Object.entries(oracle)) {
      expect(printUsd(Number(prices.get(id))), id).toBe(usd)
    }
  })

  test('C07-C08 without a page, or with one twice, it is incomplete', () => {
    const { importer, collected } = good
    const { pages, offers } = collected
    expect(pages.length).toBeGreaterThan(3)
    const isWhole = (some: typeof pages): boolean =>
      importer.seal({ pages: some, offers: offers.length }).complete
    expect(isWhole(pages)).toBe(true)
    for (const dropped of pages) {
      expect(isWhole(pages.filter((page) => page !== dropped)), dropped.list).toBe(false)
      expect(isWhole([...pages, dropped]), dropped.list).toBe(false)
    }
  })

  test('C10 an account that sees nothing is suspicious', async () => {
    const { collected } = await runNebius({ world: { ...goodWorld, tenants: [] } })
    expect(collected.offers).toEqual([])
    expect(collected.sealed).toEqual({ complete: false, why: ['no offer came of it'] })
  })

  test('C11 whichever call fails, no offer of another place or price comes of it', async () => {
    for (const failing of new Set(good.server.asked.map(({ key }) => key))) {
      const run = runNebius({
        respond: (asked, answer) =>
          asked.key === failing ? { status: status.INTERNAL } : answer(),
      })
      expect(await codeOf(run), failing).toBe('upstream-refused')
    }
  })

  test('C12 what is throttled or away is asked again, after as long as it says', async () => {
    const replies: readonly (Exclude<Reply, string | Uint8Array> & { readonly waitMs: number })[] =
      [
        { status: status.RESOURCE_EXHAUSTED, pushbackMs: '7000', waitMs: 7000 },
        { status: status.RESOURCE_EXHAUSTED, waitMs: 500 },
        { status: status.UNAVAILABLE, waitMs: 500 },
      ]
    for (const reply of replies) {
      const failed = new Set<string>()
      const { collected, clock } = await runNebius({
        respond: (asked, answer) => {
          if (failed.has(asked.key)) return answer()
          failed.add(asked.key)
          return reply
        },
      })
      expect(linesOf(collected.offers)).toEqual(linesOf(good.collected.offers))
      expect(clock.slept).toContain(reply.waitMs)
    }
  })

  test('C12 it gives up after four attempts, and does not wait for hours', async () => {
    const attempts = async (pushbackMs?: string): Promise<number> => {
      let count = 0
      const run = runNebius({
        respond: () => {
          count += 1
          return { status: status.RESOURCE_EXHAUSTED, ...(pushbackMs ? { pushbackMs } : {}) }
        },
      })
      expect(await codeOf(run)).toBe('upstream-refused')
      return count
    }
    expect(await attempts()).toBe(4)
    expect(await attempts('3600000')).toBe(1)
  })

  test('C14 what is no message, or cut off, is an error', async () => {
    const garbage = Uint8Array.from([0x0a, 0xff, 0xff, 0x01, 0x00])
    for (const what of ['Exchange', 'ListTenants', 'ListPlatforms', 'Estimate'] as const) {
      const run = runNebius({
        respond: (asked, answer) => (asked.what === what ? garbage : answer()),
      })
      expect(await codeOf(run), what).toBe('upstream-invalid')
    }
  })

  test('C15 a row of another shape costs itself alone', async () => {
    const [cpu] = goodWorld.platforms['project-a'] ?? []
    if (!cpu) throw new Error('no platform')
    const nameless = message([1, message([1, 'an-id'])])
    const broken = Uint8Array.from([0x0a, 0x7f, 0x01])
    const { collected } = await runNebius({
      respond: (asked, answer) =>
        asked.what === 'ListPlatforms'
          ? message([1, platformMessage(cpu)], [1, broken], [1, nameless])
          : answer(),
    })
    expect(linesOf(collected.offers)).toEqual(
      linesOf(good.collected.offers.filter(({ id }) => /(north1|central1).*cpu-d3/.test(id))),
    )
    expect(collected.malformed).toBe(6)
  })

  test('C16 an unknown accelerator is rejected and counted, and no CPU machine', async () => {
    const world = changedPlatforms((row) =>
      row.gpuGb === 0 ? row : { ...row, name: 'gpu-zx9000-sxm', title: 'ZX9000 Quantum' },
    )
    const { offers, rejects } = (await runNebius({ world })).collected
    const cpu = good.collected.offers.filter(({ instanceType }) => instanceType.gpuCount === 0)
    expect(linesOf(offers)).toEqual(linesOf(cpu))
    expect(rejects.map(({ reason }) => reason)).toContain('no known model of accelerator')
  })

  test('C17 no price is zero, negative, infinite or no number', async () => {
    for (const usd of ['0', '-1', '', 'NaN', 'Infinity', '1e999', 'free']) {
      const world = changedPlatforms((row) => ({
        ...row,
        presets: row.presets.map((preset) => ({ ...preset, usd })),
      }))
      const { offers, rejects } = (await runNebius({ world })).collected
      expect(linesOf(offers.filter(({ spot }) => !spot)), usd).toEqual([])
      expect(rejects.map(({ reason }) => reason)).toContain('no price above zero')
    }
  })

  test('C18 without credentials nothing is opened', async () => {
    const { outcome, server } = await refreshed(() => 'hang', {} as typeof keyEnvironment)
    expect(server.asked).toEqual([])
    expect(outcome?.state).toBe('skipped')
    expect(outcome?.why.join()).toContain('NEBIUS_CREDENTIALS_FILE')
  })

  test('C19 rejected credentials are told as such, after one attempt', async () => {
    for (const code of [
      status.UNAUTHENTICATED,
      status.PERMISSION_DENIED,
      // So a key is refused that has expired or that nobody knows.
      status.INVALID_ARGUMENT,
    ]) {
      const { outcome, server } = await refreshed(() => ({ status: code }))
      expect(outcome?.problem?.code, status[code]).toBe('upstream-credentials')
      expect(outcome?.state).toBe('failed')
      expect(server.asked.length).toBe(1)
    }
  })

  test('C20 secrets turn up nowhere', async () => {
    const secrets = [privateKeyPem, ...Object.values(keyEnvironment), 'a-token-of-nebius']
    const echo = ({ request, authorization }: Asked): string =>
      `${Buffer.from(request).toString('utf8')} ${authorization}`
    const failed = async (code: status): Promise<string> =>
      (await refreshed((asked) => ({ status: code, details: echo(asked) }))).text
    const reports = [
      (await refreshed((asked) => answerOf(goodWorld, asked))).text,
      await failed(status.UNAUTHENTICATED),
      await failed(status.FAILED_PRECONDITION),
      await failed(status.UNAVAILABLE),
    ]
    const files = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    for (const secret of secrets) {
      expect(reports.filter((report) => report.includes(secret))).toEqual([])
      expect(files.filter((bytes) => bytes.includes(secret))).toEqual([])
    }
  })

  test('C21 it stops within 100 ms when told to', { retry: 2 }, async () => {
    for (const hanging of ['Exchange', 'Estimate'] as const) {
      const controller = new AbortController()
      let abortedMs = 0
      const run = runNebius({
        signal: controller.signal,
        respond: (asked, answer) => {
          if (asked.what !== hanging) return answer()
          setTimeout(() => {
            abortedMs ||= performance.now()
            controller.abort(new Error('told to stop'))
          }, 20)
          return 'hang'
        },
      })
      await expect(run).rejects.toThrow('told to stop')
      expect(performance.now() - abortedMs).toBeLessThan(100)
    }
  })

  test('C21 it waits for no answer past the deadline, and says so', async () => {
    const run = runNebius({ respond: () => 'hang', deadlineMs: 50 })
    await expect(run).rejects.toThrow(/TokenExchangeService\/Exchange: the answer took too long/)
    expect(await codeOf(run)).toBe('upstream-unreachable')
  })

  test('C22 calls take at least the time that the traits say, all together', () => {
    const { clock, server, importer } = good
    const passedMs = clock.nowMs() - newTestClock().nowMs()
    const { intervalMs } = importer.traits.limit
    expect(server.asked.length).toBeGreaterThan(10)
    expect(passedMs).toBeGreaterThanOrEqual((server.asked.length - 1) * intervalMs)
  })

  test.for([
    ['C09', 'no list is cut off in silence: a token says that there is more'],
    ['C13', 'a success of gRPC carries no error'],
    ['C23', 'it gives pages, no single great file'],
  ] as const)('%s does not run: %s', ([, reason], { skip }) => {
    skip(reason)
    expect.unreachable()
  })

  test('C24 the same answers twice change nothing', async () => {
    rmSync(home, { recursive: true, force: true })
    const respond = (asked: Asked): Reply => answerOf(goodWorld, asked)
    const first = await refreshed(respond)
    expect(first.outcome?.why).toEqual([])
    expect(first.outcome?.state).toBe('refreshed')
    expect(first.outcome?.offers).toBe(good.collected.offers.length)
    const file = join(home, 'catalog.sqlite')
    const before = readFileSync(file)
    expect((await refreshed(respond)).outcome?.state).toBe('unchanged')
    expect(readFileSync(file).equals(before)).toBe(true)
  })
})
