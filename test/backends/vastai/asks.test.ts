import { afterEach, describe, expect, it } from 'vitest'
import { vastaiProvisioner } from '#backends/vastai/provisioner'
import { create, grow, observe } from '../../contract/adapter-acts.ts'
import {
  type AdapterUnderTest,
  openAdapter,
  planOf,
  requestOf,
  tagsOf,
  verdictOf,
} from '../../contract/adapter-under-test.ts'
import { openCore } from '../../contract/core-under-test.ts'
import { aWorkload } from '../../contract/what-runs.ts'
import { fakeAsks, type FakeAsk, newFakeVastai } from './fake-vastai.ts'
import { vastaiLaunchCase } from './vastai-launch-case.ts'

const opened: AdapterUnderTest[] = []

/** The market as it is now, whatever the offers say. */
const open = async (asks: readonly FakeAsk[] = fakeAsks): Promise<AdapterUnderTest> => {
  const under = await openAdapter({
    ...vastaiLaunchCase,
    newModel: (clock, knobs) => newFakeVastai(clock, knobs, asks),
  })
  opened.push(under)
  return under
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((under) => under.close()))
})

const { isCreate, spotOffer, offers } = vastaiLaunchCase
const [first] = offers

const changed = (change: Partial<FakeAsk>): readonly FakeAsk[] =>
  fakeAsks.map((ask, index) => (index === 0 ? { ...ask, ...change } : ask))

describe('an ask is looked at before it is rented', () => {
  const markets: readonly (readonly [string, readonly FakeAsk[]])[] = [
    ['has risen', changed({ dph_base: 0.250001 })],
    ['is there no more', fakeAsks.slice(1)],
    ['opens no port', changed({ direct_port_count: 0 })],
  ]
  for (const [why, asks] of markets) {
    it(`and left alone where it ${why}`, async () => {
      const under = await open(asks)
      const verdict = await verdictOf(under, create(under), 'create')
      expect(verdict).toMatchObject({ class: 'offer-gone', scope: 'offer' })
      expect(verdict.message).toContain(why)
      expect(under.fake.asked.filter(isCreate)).toEqual([])
    })
  }

  it('and a bid below the least is not made', async () => {
    const under = await open(changed({ min_bid: 0.151 }))
    if (spotOffer === null) throw new Error('the case has a spot offer')
    const bid = under.provisioner.create(under.io(), planOf(under, spotOffer))
    expect((await verdictOf(under, bid, 'create', true)).class).toBe('offer-gone')
    expect(under.fake.asked.filter(isCreate)).toEqual([])
  })

  it('and taken at the lower price where it has fallen', async () => {
    const under = await open(changed({ dph_base: 0.2 }))
    expect((await create(under)).rateNanoUsd).toBe(200_000_000)
  })

  it('and the run starts on the next ask', async () => {
    const under = await open(fakeAsks.slice(2))
    const core = openCore(under)
    core.submit('serve')
    await core.until('it runs', () => core.store.runNamed('serve')?.status === 'running')
    const run = core.store.runNamed('serve')
    const tried = core.store.attempts(run?.id ?? '').map(({ offer }) => offer.id)
    expect(tried).toEqual(offers.map(({ id }) => id))
    expect(under.fake.asked.filter(isCreate)).toHaveLength(1)
    core.close()
  })
})

describe('what is sent to Vast.ai', () => {
  it('cancels what cannot start, and maps the port', async () => {
    const under = await open()
    const workload = { ...aWorkload, entrypoint: ['/bin/sh'], command: ['-c', 'serve'] }
    const request = requestOf(under, tagsOf(), { workload, diskMib: 1024 })
    expect(planOf(under, first, request).calls[1]?.body).toMatchObject({
      label: request.name,
      runtype: 'args',
      onstart: '/bin/sh',
      args: ['-c', 'serve'],
      env: { DSTACK_RUN_NAME: 'serve', '-p 8000:8000': '1' },
      image_login: '-u reader -p canary-registry-2d docker.io',
      disk: 8,
      cancel_unavail: true,
    })
  })

  it('bids what the offer says, and on demand no price', async () => {
    const under = await open()
    expect(planOf(under).calls[1]?.body).not.toHaveProperty('price')
    if (spotOffer === null) throw new Error('the case has a spot offer')
    expect(planOf(under, spotOffer).calls[1]?.body).toMatchObject({ price: 0.15 })
  })

  it('is refused by name where Vast.ai could not do it', async () => {
    const under = await open()
    for (const [change, reason] of [
      [{ projectDirectory: '/home/me' }, /--no-files/],
      [{ registryAuth: { username: 'me', password: "it's" } }, /registry_auth/],
      [{ command: ['x'.repeat(5000)] }, /4096/],
      [{ environment: { A: 'x'.repeat(40_000) } }, /32768/],
    ] as const) {
      const request = requestOf(under, tagsOf(), { workload: { ...aWorkload, ...change } })
      const answer = vastaiProvisioner.plan(request, first)
      expect('refusal' in answer && answer.refusal.message).toMatch(reason)
    }
  })
})

describe('what Vast.ai answers', () => {
  it('is unclear where a contract stands beside an error', async () => {
    const under = await open()
    const json = { success: false, error: 'invalid_args', msg: 'late', new_contract: 7 }
    under.fake.inject({ kind: 'refuse', reply: { status: 400, json } }, isCreate)
    expect((await verdictOf(under, create(under), 'create')).class).toBe('ambiguous')
  })

  it('is no success because of its status', async () => {
    const under = await open()
    const json = { success: false, error: 'no_such_ask', msg: 'gone' }
    under.fake.inject({ kind: 'refuse', reply: { json } }, isCreate)
    expect((await verdictOf(under, create(under), 'create')).class).toBe('offer-gone')
  })

  it('leads to the port that the host has chosen', async () => {
    const under = await open()
    const made = await create(under)
    grow(under)
    expect(await observe(under, made)).toMatchObject({
      service: { host: '203.0.113.1', port: 40_100 },
      workload: { phase: 'running' },
      rateNanoUsd: 250_000_000,
    })
  })

  it('tells a container that has ended from one that was outbid', async () => {
    const under = await open()
    const made = await create(under)
    under.fake.model.reclaim?.(made.ref.id)
    expect(await observe(under, made)).toMatchObject({
      phase: 'running',
      workload: { phase: 'exited', exitCode: null },
    })
  })
})
