/** Chapters on what an adapter makes of refusals and of silence. */
import { expect, it } from 'vitest'
import { create, grow, isLost, observe, untilGone } from './adapter-acts.ts'
import { listedOf, planOf, verdictOf } from './adapter-under-test.ts'
import type { Chapters } from './chapters.ts'

export const refusalChapters = ({ open, one, skip }: Chapters): void => {
  for (const row of one.errors) {
    const during = row.during ?? 'create'
    const sale = row.spot ? 'spot ' : ''
    it(`P04 ${sale}${during}: ${row.status} ${row.code ?? '-'} "${row.message}" is ${row.class} of ${row.scope}`, async () => {
      const under = await open()
      const offer = row.spot ? (one.spotOffer ?? one.offers[0]) : one.offers[0]
      const made = during === 'observe' || during === 'destroy' ? await create(under) : null
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
    under.fake.inject(
      { kind: 'refuse', reply: { status: 400, text: '<html>no JSON' } },
      one.isCreate,
    )
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
    const isSafe = under.provisioner.traits.idempotency !== 'none'
    expect(isSafe ? ['ambiguous', 'transient'] : ['ambiguous']).toContain(broken)
    under.fake.inject({ kind: 'refuse', reply: { status: 502, text: 'bad gateway' } }, one.isRead)
    const made = await create(under, 3)
    expect((await verdictOf(under, observe(under, made), 'observe')).class).toBe('transient')
  })

  it('P06 tells that a machine which was promised did not come', async (test) => {
    const under = await open()
    const { model } = under.fake
    if (!model.failNextLater) return skip(test, 'P06', 'what it promises, it makes')
    model.failNextLater()
    const created = await create(under).catch((error: unknown) =>
      under.provisioner.classify(error, { during: 'create', spot: false }),
    )
    // Some clouds say so while it is being made, others let it be seen.
    const isRefused = 'class' in created
    if (!isRefused) grow(under)
    const seen = isRefused ? null : await observe(under, created)
    expect(seen === null || isLost(seen)).toBe(true)
    const told = isRefused ? created : seen?.cause
    expect(told?.class ?? 'no-capacity').toBe('no-capacity')
    if (!isRefused) await untilGone(under, created)
    return undefined
  })
}
