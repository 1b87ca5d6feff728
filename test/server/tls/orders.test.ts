/** What is ordered, and what is not, by processes that follow each other. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { expect, test, type TestContext } from 'vitest'
import { systemHttpClock } from '#platform/http-time'
import type { UsableCertificate } from '#server/tls/certificate'
import { newFailingOrders } from '#server/tls/failing-orders'
import { newOrders } from '#server/tls/orders'

const minuteMs = 60_000

const certificate: UsableCertificate = {
  pem: { cert: '', key: '' },
  context: createSecureContext(),
  startsMs: 0,
  endsMs: 1,
  isFor: () => true,
}

const newShelf = ({ onTestFinished }: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'orders-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'shelf', 'failures.json')
  const time = { nowMs: Date.parse('2026-11-24T12:00:00Z') }
  const events: string[] = []
  let orders = 0
  /** Another process each time. */
  const start = (obtain: () => Promise<UsableCertificate>) =>
    newOrders(
      () => {
        orders += 1
        return obtain()
      },
      {
        clock: { ...systemHttpClock, nowMs: () => time.nowMs },
        random: () => 0,
        failing: newFailingOrders(path, () => time.nowMs),
        events: {
          issued: () => events.push('issued'),
          failed: () => events.push('failed'),
          putOff: (_, retryMs) => events.push(`put off ${(retryMs - time.nowMs) / minuteMs}`),
        },
      },
    )
  return { path, time, events, start, orders: () => orders }
}

const host = 'web.gateway.test'
const fail = () => Promise.reject(new Error('the name leads elsewhere'))
const never = () => new Promise<UsableCertificate>(() => undefined)

test('a process that is started again and again orders as seldom as one that stays', async (context) => {
  const { start, time, orders, events } = newShelf(context)
  for (let minute = 0; minute < 60; minute++) {
    const order = start(fail)
    expect(await order(host)).toBe(null)
    expect(await order(host)).toBe(null)
    time.nowMs += minuteMs
  }
  expect(orders()).toBe(4)
  expect(events.slice(0, 3)).toEqual(['failed', 'put off 7', 'put off 6'])
})

test('one that dies in the middle of its orders does not order without end', async (context) => {
  const { start, time, orders } = newShelf(context)
  for (let minute = 0; minute < 60; minute++) {
    void start(never)(host)
    time.nowMs += minuteMs
  }
  expect(orders()).toBe(5)
})

test('what has been issued leaves nothing behind', async (context) => {
  const { start, time, path, events } = newShelf(context)
  await start(fail)(host)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    [host]: { failures: 1, retryMs: time.nowMs + 8 * minuteMs },
  })
  time.nowMs += 8 * minuteMs
  expect(await start(async () => certificate)(host)).toBe(certificate)
  expect(existsSync(path)).toBe(false)
  expect(events).toEqual(['failed', 'issued'])
})

test('a file that says nothing, or nonsense, keeps nobody from a certificate', async (context) => {
  const { start, time, path } = newShelf(context)
  await start(fail)(host)
  const nonsense = ['{"', 'null', '[1]', `{"${host}":{"failures":"many"}}`]
  const yearMs = 365 * 24 * 60 * minuteMs
  const later = JSON.stringify({ [host]: { failures: 1, retryMs: time.nowMs + yearMs } })
  for (const text of [...nonsense, later]) {
    writeFileSync(path, text)
    expect(await start(async () => certificate)(host), text).toBe(certificate)
  }
})
