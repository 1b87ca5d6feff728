import { describe, expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import { billedSeconds, billingRuleOf } from '#cost/billing-rules'
import { diskRateOf } from '#cost/disk-rates'
import { printNanoUsd } from '#cost/money'
import { askedDiskMib, type CostQuestion, totalCost } from '#cost/total'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'
import { seeded } from '../random.ts'
import { anyOffer, anyQuestion } from './random-costs.ts'

const one = { min: 1, max: 1 }
const gb = (count: number): number => count * 1024

const ask = (over: Partial<CostQuestion> = {}): CostQuestion => ({
  diskMib: null,
  durationSeconds: null,
  replicas: one,
  ...over,
})

const at = (backend: string, region: string | null, over: Partial<Offer> = {}): Offer =>
  anOffer({ backend, region, priceNanoUsd: 1_000_000_000, ...over })

const named = (backend: string, name: string): Offer =>
  at(backend, null, { instanceType: anInstanceType({ name, gpu: aGpu() }) })

const runOf = (offer: Offer, question: Partial<CostQuestion>): string | null => {
  const run = totalCost(offer, ask(question)).replica?.run ?? null
  return run === null ? null : printNanoUsd(run)
}

describe('disks, by hand', () => {
  // Rate * GB for 730 hours; an hour is a 730th, rounded up.
  test.each([
    ['200 GB of gp3 at 0.08', at('aws', 'us-east-1'), 200, '16', '0.021917809'],
    ['200 GB of gp3 at 0.152', at('aws', 'sa-east-1'), 200, '30.4', '0.041643836'],
    ['200 GB of gp3 at 0.096', at('aws', 'ap-southeast-1'), 200, '19.2', '0.02630137'],
    ['100 GB of balanced at 0.10', at('gcp', 'us-central1'), 100, '10', '0.013698631'],
    ['100 GB of balanced at 0.1215', at('gcp', 'me-central1'), 100, '12.15', '0.016643836'],
    ['100 GB of balanced at 0.0255 + 10 * 0.0017', at('oci', 'x'), 100, '4.25', '0.005821918'],
    ['100 GB at 0.10', at('runpod', null), 100, '10', '0.013698631'],
    ['100 GB at 0.000096774 an hour', at('hyperstack', null), 100, '7.064502', '0.0096774'],
    ['100 GB at 0.00015 an hour', named('dataoorts', 'x-series-l40'), 100, '10.95', '0.015'],
    ['100 GB at 0.00015 an hour', named('dataoorts', 'nova-h200-sxm5'), 100, '10.95', '0.015'],
  ])('%s', (_, offer, size, month, hour) => {
    const { disk, complete } = totalCost(offer, ask({ diskMib: gb(size) }))
    const spending = disk.kind === 'counted' ? disk.spending : null
    expect([printNanoUsd(spending?.month ?? 0n), printNanoUsd(spending?.hour ?? 0n)]).toEqual([
      month,
      hour,
    ])
    expect(complete).toBe(true)
  })

  test.each([
    ['no rate of the backend', at('azure', 'eastus')],
    ['no rate of the region', at('aws', 'mars-1')],
    ['no region', at('gcp', null)],
    ['no rate of the series', named('dataoorts', 'orion-h200-141gb')],
    [
      'the size is a limit, not a gift',
      at('vastai', 'US', { instanceType: anInstanceType({ diskMib: gb(500) }) }),
    ],
  ])('not counted, and not zero: %s', (_, offer) => {
    const total = totalCost(offer, ask({ diskMib: gb(100) }))
    expect(total).toMatchObject({ disk: { kind: 'not-counted', sizeGb: 100 }, complete: false })
    expect(total.replica).toEqual(total.compute)
  })

  test('a disk that comes with the machine costs nothing more', () => {
    const offer = at('lambdalabs', 'x', { instanceType: anInstanceType({ diskMib: gb(500) }) })
    expect(totalCost(offer, ask({ diskMib: gb(100) }))).toMatchObject({
      disk: { kind: 'included' },
      complete: true,
    })
  })

  test('a GB begun is a GB paid', () => {
    const { disk } = totalCost(at('aws', 'us-east-1'), ask({ diskMib: gb(100) + 1 }))
    expect(disk).toMatchObject({ sizeGb: 101 })
  })

  test.each([
    [{ diskMib: null }, null],
    [{ diskMib: { min: null, max: 500 } }, null],
    [{ diskMib: { min: 0, max: null } }, null],
    [{ diskMib: { min: 102_400, max: null } }, 102_400],
  ])('%j asks for %s MiB', (requirements, asked) => {
    expect(askedDiskMib(requirements)).toBe(asked)
  })
})

describe('runs, by hand: a dollar an hour', () => {
  const nova = named('dataoorts', 'nova-b200-sxm6')
  const cpu = at('digitalocean', 'nyc1', { priceNanoUsd: 6_000_000 })
  test.each([
    ['aws bills 60 s at least', at('aws', 'us-east-1'), 10, '0.016666667'],
    ['aws bills by the second', at('aws', 'us-east-1'), 90, '0.025'],
    ['gcp bills 60 s at least', at('gcp', 'us-central1'), 59, '0.016666667'],
    ['gcp bills by the second', at('gcp', 'us-central1'), 61, '0.016944445'],
    ['azure bills by the second', at('azure', 'eastus'), 36, '0.01'],
    ['hyperstack bills by the minute', at('hyperstack', null), 61, '0.033333334'],
    ['these bill by ten minutes', nova, 601, '0.333333334'],
    ['others of the backend: as it is', named('dataoorts', 'nova-h200-sxm5'), 601, '0.166944445'],
    ['digitalocean bills a cent at least', cpu, 60, '0.01'],
    ['digitalocean, past the cent', cpu, 7200, '0.012'],
    ['scaleway bills GPUs by the minute', named('scaleway', 'H100-1-80G'), 61, '0.033333334'],
    ['scaleway bills the rest by the hour', at('scaleway', 'fr-par'), 61, '1'],
    ['runpod bills by the second', at('runpod', null), 18, '0.005'],
    ['vastai bills by the second', at('vastai', 'US'), 18, '0.005'],
    ['no rule: as it is', at('lambdalabs', null), 18, '0.005'],
  ])('%s', (_, offer, durationSeconds, run) => {
    expect(runOf(offer, { durationSeconds })).toBe(run)
  })

  test('the disk lives as long as its machine is billed', () => {
    // 60 s: 1/60 dollar, and 16 dollars a month for 730 h.
    expect(runOf(at('aws', 'us-east-1'), { diskMib: gb(200), durationSeconds: 10 })).toBe(
      '0.017031964',
    )
  })
})

test('replicas multiply', () => {
  const total = totalCost(at('lambdalabs', null), ask({ replicas: { min: 0, max: 4 } }))
  expect(total.least).toEqual({ hour: 0n, month: 0n, run: null })
  expect(total.most).toEqual({ hour: 4_000_000_000n, month: 2_920_000_000_000n, run: null })
})

test('amounts past the safe integers stay exact', () => {
  const offer = at('lambdalabs', null, { priceNanoUsd: 113_932_800_001 })
  const { most } = totalCost(offer, ask({ replicas: { min: 1, max: 999 } }))
  expect(printNanoUsd(most?.month ?? 0n)).toBe('83087773.05672927')
})

test('an unknown price has no total', () => {
  const offer = at('aws', 'us-east-1', { priceNanoUsd: null })
  expect(totalCost(offer, ask({ diskMib: gb(1) }))).toMatchObject({
    compute: null,
    replica: null,
    least: null,
    most: null,
    complete: false,
  })
})

test('every figure names its source and its day', () => {
  const random = seeded(7)
  const facts = Array.from({ length: 500 }, () => anyOffer(random)).flatMap((offer) => [
    billingRuleOf(offer),
    diskRateOf(offer),
  ])
  const known = facts.filter((fact) => fact !== null)
  expect(known.length).toBeGreaterThan(300)
  for (const { source, asOf } of known) {
    expect(source).toMatch(/\w+[./]\w+/)
    expect(asOf).toMatch(/^20\d\d(-[01]\d-[0-3]\d)?$/)
  }
})

test('sums, quanta, durations and replicas, for any offer and question', () => {
  const random = seeded(20_260_731)
  let counted = 0
  for (let round = 0; round < 20_000; round++) {
    const offer = anyOffer(random)
    const question = anyQuestion(random)
    const total = totalCost(offer, question)
    const { compute, replica, least, most } = total
    expect(replica === null).toBe(offer.priceNanoUsd === null)
    if (compute === null || replica === null || least === null || most === null) continue
    expect(replica.hour >= compute.hour && replica.month >= compute.month).toBe(true)
    expect(least.month <= most.month).toBe(true)
    expect(most.hour).toBe(replica.hour * BigInt(question.replicas.max))
    if (total.disk.kind === 'counted') counted++
    // 730 hours cost no more than 730 times an hour that was rounded up.
    expect(replica.month <= replica.hour * 730n).toBe(true)
    expect(replica.hour * 730n - replica.month < 730n).toBe(true)
    if (question.durationSeconds === null) continue
    const longer = totalCost(offer, {
      ...question,
      durationSeconds: question.durationSeconds + random.int(1, 5000),
    })
    expect((longer.replica?.run ?? 0n) >= (replica.run ?? 0n)).toBe(true)
    expect((replica.run ?? 0n) >= (compute.run ?? 0n)).toBe(true)
  }
  expect(counted).toBeGreaterThan(2000)
})

test('what is billed is a multiple of the quantum, no less than the run and the minimum', () => {
  const random = seeded(3)
  for (let round = 0; round < 5000; round++) {
    const rule = billingRuleOf(anyOffer(random))
    const seconds = random.int(1, 10_000)
    const billed = billedSeconds(rule, seconds)
    expect(billed).toBeGreaterThanOrEqual(Math.max(seconds, rule?.minimumSeconds ?? 0))
    expect(billed % (rule?.quantumSeconds ?? 1)).toBe(0)
    expect(billed - Math.max(seconds, rule?.minimumSeconds ?? 0)).toBeLessThan(
      rule?.quantumSeconds ?? 1,
    )
  }
})
