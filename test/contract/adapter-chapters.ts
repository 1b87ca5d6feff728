/** Chapters of the contract that an adapter answers for alone, without the runs above it. */
import { expect, it } from 'vitest'
import type { Created, Observed } from '#backends/kit/provisioner'
import type { AdapterUnderTest } from './adapter-under-test.ts'
import { listedOf, planOf, requestOf, tagsOf, theOwner, verdictOf } from './adapter-under-test.ts'
import type { FakeRequest } from './fake-cloud.ts'
import { type ProvisionerCase, rowOf } from './provisioner-case.ts'
import { secretCanaries } from './what-runs.ts'

export interface Chapters {
  readonly one: ProvisionerCase
  /** A fresh cloud; closed after the test. */
  open(knobs?: Parameters<typeof import('./adapter-under-test.ts').openAdapter>[1]): Promise<AdapterUnderTest>
  /** A chapter that says nothing about this backend, and why. */
  skip(chapter: string, reason: string): void
}

const create = (under: AdapterUnderTest, attempt = 1): Promise<Created> =>
  under.provisioner.create(
    under.io(),
    planOf(under, under.one.offers[0], requestOf(under, tagsOf(attempt))),
  )

const observe = (under: AdapterUnderTest, { ref }: Created): Promise<Observed> =>
  under.provisioner.observe(under.io(), ref)

const instancesOf = async (under: AdapterUnderTest, owner = theOwner): Promise<Observed[]> =>
  (await listedOf(under, owner)).flatMap((one) => ('instance' in one ? [one.instance] : []))

/** Where the machine, or what it runs, answers. */
const addressOf = ({ ssh, service }: Observed): string | null => (ssh ?? service)?.host ?? null

const untilGone = async (under: AdapterUnderTest, { ref }: Created): Promise<number> => {
  for (let calls = 1; calls < 50; calls++) {
    if ((await under.provisioner.destroy(under.io(), ref)) === 'gone') return calls
    under.clock.advance(5000)
  }
  throw new Error('it is still there')
}

const grow = (under: AdapterUnderTest): void => {
  const { bootMs, addressMs } = under.fake.model.knobs
  under.clock.advance(Math.max(bootMs, addressMs) + 1)
}

const isLost = ({ phase }: Observed): boolean => phase === 'failed' || phase === 'gone'

const lifeChapters = ({ open, one, skip }: Chapters): void => {
  it('P01 creates, observes, destroys, and then lists nothing', async () => {
    const under = await open()
    await under.provisioner.verify(under.io())
    const made = await create(under)
    expect(made.ref.backend).toBe(one.launcher.name)
    grow(under)
    const seen = await observe(under, made)
    expect(seen).toMatchObject({ phase: 'running', ref: made.ref })
    expect(addressOf(seen)).not.toBeNull()
    expect(seen.name).toBe(requestOf(under).name)
    if (under.provisioner.traits.tags === 'tags') expect(seen.tags).toEqual(tagsOf())
    expect((await instancesOf(under)).map(({ ref }) => ref)).toEqual([made.ref])
    await untilGone(under, made)
    expect(await instancesOf(under)).toEqual([])
    expect(under.fake.model.machines()).toEqual([])
  })

  it('P03 makes one machine of the same key given twice', async (test) => {
    const under = await open()
    if (under.provisioner.traits.idempotency === 'none') {
      console.log(`${one.launcher.name}: P03 skipped: it knows no idempotency key`)
      test.skip()
    }
    const [first, second] = [await create(under), await create(under).catch(() => null)]
    if (second) expect(second.ref).toEqual(first.ref)
    expect(under.fake.model.machines()).toHaveLength(1)
  })

  if (one.offers.some(({ spot }) => spot)) throw new Error('a spot offer stands among on-demand ones')
  if (one.spotOffer === null) skip('P13', 'it has no spot offers')
  else {
    const { spotOffer } = one
    it('P13 tells that a spot machine was taken back', async () => {
      const under = await open()
      const made = await under.provisioner.create(under.io(), planOf(under, spotOffer))
      grow(under)
      under.fake.model.reclaim?.(made.ref.id)
      const seen = await observe(under, made)
      if (under.provisioner.traits.tellsInterruption) expect(seen.phase).toBe('interrupted')
      else expect(isLost(seen)).toBe(true)
      await untilGone(under, made)
      expect(under.fake.model.machines()).toEqual([])
    })
  }
}

const errorChapters = ({ open, one, skip }: Chapters): void => {
  for (const row of one.errors) {
    const during = row.during ?? 'create'
    const sale = row.spot ? 'spot ' : ''
    it(`P04 ${sale}${during}: ${row.status} ${row.code ?? '-'} "${row.message}" is ${row.class} of ${row.scope}`, async () => {
      const under = await open()
      const offer = row.spot ? (one.spotOffer ?? one.offers[0]) : one.offers[0]
      const made =
        during === 'observe' || during === 'destroy' ? await create(under) : null
      const when = { create: one.isCreate, observe: one.isRead, destroy: one.isDestroy }
      const matches = during === 'verify' || during === 'list' ? () => true : when[during]
      under.fake.inject({ kind: 'refuse', reply: one.errorReply(row) }, matches)
      const io = under.io()
      const work =
        during === 'create'
          ? under.provisioner.create(io, planOf(under, offer))
          : during === 'list'
            ? listedOf(under)
            : during === 'verify' || made === null
              ? under.provisioner.verify(io)
              : under.provisioner[during](io, made.ref)
      const verdict = await verdictOf(under, work, during, row.spot ?? false)
      expect(verdict).toMatchObject({ class: row.class, scope: row.scope })
    })
  }

  it('P05 takes a code that is in no table for unknown', async () => {
    const under = await open()
    const row = { status: 400, code: 'never_heard_of', message: 'something new was thought of' }
    under.fake.inject({ kind: 'refuse', reply: one.errorReply(row) }, one.isCreate)
    expect((await verdictOf(under, create(under), 'create')).class).toBe('unknown')
    under.fake.inject({ kind: 'refuse', reply: { status: 400, text: '<html>no JSON' } }, one.isCreate)
    expect((await verdictOf(under, create(under, 2), 'create')).class).toBe('unknown')
  })

  it('P02 P04 tells what may have happened from what surely has not', async () => {
    const under = await open()
    under.fake.inject({ kind: 'lose-answer' }, one.isCreate)
    expect((await verdictOf(under, create(under), 'create')).class).toBe('ambiguous')
    expect(under.fake.model.machines()).toHaveLength(1)
    under.fake.inject({ kind: 'lose-request' }, one.isCreate)
    expect((await verdictOf(under, create(under, 2), 'create')).class).toBe('ambiguous')
    const made = await create(under, 3)
    under.fake.inject({ kind: 'lose-request' }, one.isRead)
    expect((await verdictOf(under, observe(under, made), 'observe')).class).toBe('transient')
    await under.fake.close()
    expect((await verdictOf(under, create(under, 4), 'create')).class).toBe('transient')
  })

  it('P04 waits as long as it is told, and no server error is a lack of capacity', async () => {
    const under = await open()
    const busy = one.errorReply({ status: 429, code: null, message: 'slow down' })
    const reply = { ...busy, status: 429, headers: { ...busy.headers, 'retry-after': '17' } }
    under.fake.inject({ kind: 'refuse', reply }, one.isCreate)
    const limited = await verdictOf(under, create(under), 'create')
    expect(limited).toMatchObject({ class: 'rate-limited', retryAfterMs: 17_000 })
    under.fake.inject({ kind: 'refuse', reply: { status: 502, text: 'bad gateway' } }, one.isCreate)
    const { class: broken } = await verdictOf(under, create(under, 2), 'create')
    const isSafe = under.provisioner.traits.idempotency === 'token'
    expect(isSafe ? ['ambiguous', 'transient'] : ['ambiguous']).toContain(broken)
    under.fake.inject({ kind: 'refuse', reply: { status: 502, text: 'bad gateway' } }, one.isRead)
    const made = await create(under, 3)
    expect((await verdictOf(under, observe(under, made), 'observe')).class).toBe('transient')
  })

  it('P06 tells that a machine which was promised did not come', async (test) => {
    const under = await open()
    const { model } = under.fake
    if (!model.failNextLater) {
      skip('P06', 'what it promises, it makes')
      test.skip()
      return
    }
    model.failNextLater()
    const outcome = await create(under).then(
      (made) => ({ made }),
      (error: unknown) => ({ error }),
    )
    if ('error' in outcome) {
      const verdict = under.provisioner.classify(outcome.error, { during: 'create', spot: false })
      expect(verdict.class).toBe('no-capacity')
      return
    }
    grow(under)
    const seen = await observe(under, outcome.made)
    expect(isLost(seen)).toBe(true)
    if (seen.cause) expect(seen.cause.class).toBe('no-capacity')
    await untilGone(under, outcome.made)
  })
}

const destroyChapters = ({ open, one, skip }: Chapters): void => {
  it('P08 is certain that something is gone only where a read shows it', async () => {
    const under = await open({ destroyMs: 12_000 })
    const made = await create(under)
    under.fake.inject({ kind: 'refuse', reply: { status: 500, text: 'oh' } }, one.isDestroy)
    await expect(under.provisioner.destroy(under.io(), made.ref)).rejects.toThrow()
    expect(under.fake.model.machines()).toHaveLength(1)
    expect(await under.provisioner.destroy(under.io(), made.ref)).toBe('going')
    await untilGone(under, made)
    expect(await under.provisioner.destroy(under.io(), made.ref)).toBe('gone')
  })

  it('P09 sees a machine that is not shown yet as gone, and then as it is', async (test) => {
    const under = await open({ hiddenReads: 2 })
    if (under.provisioner.traits.listConsistencySeconds === 0) {
      skip('P09', 'it shows at once what was made')
      test.skip()
    }
    const made = await create(under)
    const first = await observe(under, made)
    grow(under)
    for (let reads = 0; reads < 3; reads++) await observe(under, made)
    expect(first.phase).toBe('gone')
    expect((await observe(under, made)).phase).toBe('running')
  })

  it('P10 has no address before there is one', async () => {
    const under = await open({ bootMs: 1000, addressMs: 60_000 })
    const made = await create(under)
    under.clock.advance(2000)
    expect(addressOf(await observe(under, made))).toBeNull()
    under.clock.advance(60_000)
    expect(addressOf(await observe(under, made))).toMatch(/^[0-9a-z.:-]+$/i)
    expect(addressOf(await observe(under, made))).not.toBe('0.0.0.0')
  })

  it('P11 lists every page of its own, and nothing of others', async () => {
    const under = await open({ pageSize: 2 })
    under.fake.model.addForeign('web-1')
    const made: Created[] = []
    for (let attempt = 1; attempt <= 5; attempt++) made.push(await create(under, attempt))
    const other = requestOf(under, tagsOf(9, 'otherown'))
    await under.provisioner.create(under.io(), planOf(under, one.offers[0], other))
    const ids = (await instancesOf(under)).map(({ ref }) => ref.id)
    expect(ids.toSorted()).toEqual(made.map(({ ref }) => ref.id).toSorted())
    expect(await instancesOf(under, 'otherown')).toHaveLength(1)
  })

  it('P11 refuses to destroy what is not ours', async () => {
    const under = await open()
    const made = await create(under)
    const id = under.fake.model.addForeign('web-1')
    grow(under)
    await expect(under.provisioner.destroy(under.io(), { ...made.ref, id })).rejects.toThrow()
    expect(under.fake.model.machines().map((machine) => machine.name)).toContain('web-1')
    expect(under.fake.asked.filter(one.isDestroy)).toEqual([])
  })
}

const asPattern = (planned: unknown): unknown => {
  if (typeof planned === 'string') {
    return /^<.+>$/.test(planned) ? expect.anything() : planned
  }
  if (Array.isArray(planned)) return planned.map(asPattern)
  if (typeof planned !== 'object' || planned === null) return planned
  return Object.fromEntries(Object.entries(planned).map(([key, value]) => [key, asPattern(value)]))
}

const isChange = ({ method }: FakeRequest): boolean => method !== 'GET'

const planChapters = ({ open, one, skip }: Chapters): void => {
  it('P19 plans without a call, twice the same, and sends what was planned', async () => {
    const under = await open()
    const plan = planOf(under)
    expect(planOf(under)).toEqual(plan)
    expect(under.fake.asked).toEqual([])
    await under.provisioner.create(under.io(), plan)
    const sent = under.fake.asked.filter((asked) => isChange(asked) && !one.isUnplanned?.(asked))
    expect(sent.map(({ body }) => body)).toEqual(plan.calls.map(({ body }) => asPattern(body)))
    for (const [at, { what }] of plan.calls.entries()) {
      expect(what).toMatch(/^[A-Z]+ https:\/\//)
      const { pathname } = new URL(what.split(' ')[1] ?? '')
      expect(sent[at]?.method).toBe(what.split(' ')[0])
      expect(sent[at]?.path.endsWith(decodeURIComponent(pathname))).toBe(true)
    }
  })

  it('P14 refuses a start-up text that is too long, without a call', async (test) => {
    const under = await open()
    const { userDataMaxBytes } = under.provisioner.traits
    const request = requestOf(under)
    if (userDataMaxBytes === 0 || request.access === null) {
      skip('P14', 'it takes no start-up text')
      test.skip()
      return
    }
    const userData = `#cloud-config\n# ${'x'.repeat(userDataMaxBytes)}\n`
    const access = { ...request.access, userData }
    const answer = under.provisioner.plan({ ...request, access }, one.offers[0])
    expect(answer).toMatchObject({ refusal: { class: 'invalid', scope: 'attempt' } })
    expect(under.fake.asked).toEqual([])
  })

  it('P17 tells no secret, in the plan or in a failure', async () => {
    const under = await open()
    const plan = planOf(under)
    let printed = JSON.stringify(plan.calls)
    for (const secret of plan.secrets) printed = printed.replaceAll(JSON.stringify(secret).slice(1, -1), '***')
    const row = rowOf(one, 'invalid') ?? { status: 400, code: 'bad', message: 'bad' }
    const echo = Object.values(one.environment).join(' ')
    const failures: string[] = []
    for (const when of [one.isCreate, () => true]) {
      const reply = one.errorReply({ ...row, message: `${row.message} ${row.code ?? ''}` })
      under.fake.inject({ kind: 'refuse', reply: { ...reply, headers: { 'x-echo': 'canary' } } }, when)
      const error: unknown = await under.provisioner.create(under.io(), plan).catch((thrown: unknown) => thrown)
      failures.push(String(error), JSON.stringify(under.provisioner.classify(error, { during: 'create', spot: false })))
    }
    for (const canary of [...secretCanaries, ...echo.split(' ')]) {
      expect(printed).not.toContain(canary)
      expect(failures.join()).not.toContain(canary)
    }
  })

  it('P18 says what it can cost at most', async () => {
    const under = await open()
    const { highestNanoUsd } = planOf(under)
    const { priceNanoUsd } = one.offers[0]
    if (highestNanoUsd !== null) expect(highestNanoUsd).toBeGreaterThanOrEqual(priceNanoUsd ?? 0)
  })

  if (one.makesSideObjects) {
    it('P07 tells of each side object before it is made, and can remove it', async () => {
      const under = await open()
      under.fake.inject({ kind: 'refuse', reply: { status: 500, text: 'oh' } }, one.isCreate)
      await expect(create(under)).rejects.toThrow()
      expect(under.noted.length).toBeGreaterThan(0)
      for (const object of under.noted) {
        let outcome = await under.provisioner.destroySideObject(under.io(), object)
        for (let calls = 0; outcome === 'going' && calls < 50; calls++) {
          under.clock.advance(5000)
          outcome = await under.provisioner.destroySideObject(under.io(), object)
        }
        expect(outcome).toBe('gone')
      }
      expect(under.fake.model.sideObjects()).toEqual([])
    })
  } else skip('P07', 'nothing is made beside its machines')
}

export const adapterChapters = (chapters: Chapters): void => {
  lifeChapters(chapters)
  errorChapters(chapters)
  destroyChapters(chapters)
  planChapters(chapters)
}
