import { describe, expect, test } from 'vitest'
import type { FailureClass, FailureScope } from '#domain/launch'
import { submitRun } from '#runs/submit'
import { newWorld, offersOf, spec, type World } from './world.ts'

const start = (world: World, over: Partial<typeof spec> = {}) => {
  const run = submitRun(world.store, { name: 'web', spec: { ...spec, ...over } }, world.chance())
  const attempts = () => world.store.attempts(run.id)
  return {
    attempts,
    tried: () => attempts().map(({ offer }) => offer.id),
    status: () => world.store.run(run.id)?.status,
    replica: () => world.store.replica(run.id, 0),
  }
}

const refuse = (world: World, failureClass: FailureClass, scope: FailureScope): void => {
  world.faults.push({ call: 'create', fault: { kind: 'refused', class: failureClass, scope } })
}

describe('where offers have no room', () => {
  test.each([0, 1, 2, 5])('after %i of them, the next one is taken', async (count) => {
    const offers = offersOf(8)
    const world = newWorld({ offers })
    for (const { id } of offers.slice(0, count)) world.full.add(id)
    const { tried, attempts, status } = start(world)
    const { hands } = world.process('one')
    const beganMs = world.nowMs()
    for (let passes = 0; passes <= count; passes++) await world.pass(hands)
    expect(tried()).toEqual(offers.slice(0, count + 1).map(({ id }) => id))
    expect(attempts().map(({ state }) => state)).toEqual([
      ...Array.from({ length: count }, () => 'failed'),
      'known',
    ])
    // No wait of ours lies between two attempts.
    expect(world.nowMs()).toBe(beganMs)
    world.advance(20_000)
    await world.pass(hands)
    expect(status()).toBe('running')
  })

  test('an attempt that fails takes little beside the call', async () => {
    const offers = offersOf(15)
    const world = newWorld({ offers })
    for (const { id } of offers.slice(0, 14)) world.full.add(id)
    const { tried } = start(world, { maxPriceNanoUsd: null })
    const { hands } = world.process('one')
    const before = process.cpuUsage()
    for (let passes = 0; passes < 15; passes++) await world.pass(hands)
    const { user, system } = process.cpuUsage(before)
    expect(tried()).toHaveLength(15)
    // Of this process alone, so that its neighbours do not count; a fortieth of it is usual.
    expect((user + system) / 1000 / 14).toBeLessThan(50)
  })

  test('no more are tried than were allowed', async () => {
    const world = newWorld()
    for (const { id } of world.offers) world.full.add(id)
    const never = { retry: false, durationSeconds: null }
    const { tried, status, replica } = start(world, { attempts: 2, retryPolicy: never })
    await world.settle(world.process('one').hands, 60)
    expect(tried()).toHaveLength(2)
    expect(status()).toBe('failed')
    expect(replica()?.reason).toBe('failed-to-start-due-to-no-capacity')
    expect(world.cloud.totals.made).toBe(0)
  })

  test('offers above max_price are not asked for', async () => {
    const world = newWorld()
    for (const { id } of world.offers.slice(0, 2)) world.full.add(id)
    const never = { retry: false, durationSeconds: null }
    const { tried } = start(world, { maxPriceNanoUsd: 200_000_000, retryPolicy: never })
    await world.settle(world.process('one').hands, 60)
    expect(tried()).toEqual(world.offers.slice(0, 2).map(({ id }) => id))
  })

  test('an offer without a price is above every max_price', async () => {
    const [offer] = offersOf(1)
    if (offer === undefined) throw new Error('no offer')
    const world = newWorld({ offers: [{ ...offer, priceNanoUsd: null }] })
    const { tried } = start(world)
    await world.settle(world.process('one').hands, 30)
    expect(tried()).toEqual([])
  })
})

describe('what a refusal says about other offers', () => {
  test('a quota of a region skips the region, and no other', async () => {
    const [first] = offersOf(4)
    if (first === undefined) throw new Error('no offer')
    const twin = { ...first, id: `${first.id}-twin` }
    const offers = [first, twin, ...offersOf(4).slice(1)]
    const world = newWorld({ offers })
    refuse(world, 'quota', 'region')
    const { tried } = start(world)
    const { hands } = world.process('one')
    await world.pass(hands)
    await world.pass(hands)
    expect(tried()).toEqual([first.id, offers[2]?.id])
  })

  test.each(['auth', 'balance'] as const)('%s leaves the backend alone', async (failureClass) => {
    const others = offersOf(1, 'other')
    const world = newWorld({ offers: [...offersOf(3), ...others] })
    refuse(world, failureClass, 'backend')
    const { tried } = start(world)
    const { hands } = world.process('one')
    await world.pass(hands)
    await world.pass(hands)
    expect(tried()).toEqual([offersOf(1)[0]?.id, others[0]?.id])
    expect([...world.store.coolingDown(['backend simulator'], world.nowMs()).keys()]).toEqual([
      'backend simulator',
    ])
    world.store.forgetCoolDowns('simulator')
    expect(world.store.coolingDown(['backend simulator'], world.nowMs()).size).toBe(0)
  })

  test('a request that is wrong is not sent to the same backend again', async () => {
    const others = offersOf(1, 'other')
    const world = newWorld({ offers: [...offersOf(3), ...others] })
    refuse(world, 'invalid', 'attempt')
    const { tried } = start(world)
    const { hands } = world.process('one')
    await world.pass(hands)
    await world.pass(hands)
    expect(tried()).toEqual([offersOf(1)[0]?.id, others[0]?.id])
  })

  test('a backend that cannot be used costs an attempt, and no call', async () => {
    const world = newWorld({ offers: [...offersOf(1, 'other'), ...offersOf(1)] })
    world.absent.add('other')
    const { attempts } = start(world)
    const { hands } = world.process('one')
    await world.pass(hands)
    await world.pass(hands)
    expect(
      attempts().map(({ class: failureClass, sentMs }) => [failureClass, sentMs !== null]),
    ).toEqual([
      ['auth', false],
      [null, true],
    ])
  })

  test('no room is remembered for minutes, and then forgotten', async () => {
    const world = newWorld({ offers: offersOf(1) })
    refuse(world, 'no-capacity', 'offer')
    const { tried, status } = start(world)
    const { hands } = world.process('one')
    await world.settle(hands, 100)
    expect(tried()).toHaveLength(1)
    await world.settle(hands, 900)
    expect(tried()).toHaveLength(2)
    expect(status()).toBe('running')
  })
})

describe('a call whose outcome nobody knows', () => {
  test('is settled before any other offer is tried', async () => {
    const world = newWorld()
    world.faults.push({ call: 'create', fault: { kind: 'lost-response' } })
    const { tried, attempts, status } = start(world)
    const { hands } = world.process('one')
    await world.pass(hands)
    await world.pass(hands)
    expect(attempts().map(({ state }) => state)).toEqual(['unclear'])
    await world.settle(hands, 60)
    expect(tried()).toHaveLength(1)
    expect(status()).toBe('running')
    expect(world.cloud.totals).toMatchObject({ made: 1, doubles: 0 })
  })

  test('is given up once nothing can turn up any more', async () => {
    const world = newWorld()
    world.faults.push({ call: 'create', fault: { kind: 'lost-request' } })
    const { tried, attempts } = start(world)
    const { hands } = world.process('one')
    await world.settle(hands, 40)
    expect(attempts().map(({ state }) => state)).toEqual(['unclear'])
    await world.settle(hands, 60)
    expect(tried()).toEqual(world.offers.slice(0, 2).map(({ id }) => id))
    expect(world.cloud.totals.made).toBe(1)
  })

  test('is never taken for a lack of capacity', async () => {
    const world = newWorld()
    refuse(world, 'unknown', 'attempt')
    const { attempts } = start(world)
    await world.pass(world.process('one').hands)
    expect(attempts()).toMatchObject([{ state: 'unclear', class: 'unknown' }])
  })
})

describe('a machine that costs more than was said', () => {
  test('is destroyed, and the next offer taken', async () => {
    const world = newWorld({ offers: offersOf(4).slice(1) })
    world.faults.push({ call: 'create', fault: { kind: 'dearer' } })
    const { attempts, status } = start(world, { maxPriceNanoUsd: 350_000_000 })
    await world.settle(world.process('one').hands, 60)
    expect(attempts()).toMatchObject([
      { state: 'failed', class: 'offer-gone', message: 'its rate is above max_price' },
      { state: 'known' },
    ])
    expect(status()).toBe('running')
    expect(world.alive().map(({ rateNanoUsd }) => rateNanoUsd)).toEqual([300_000_000])
    expect(world.books().ledger).toEqual(world.books().cloud)
  })
})
