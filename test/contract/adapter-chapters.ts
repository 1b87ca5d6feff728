/** Chapters on the life of a machine, which an adapter answers for alone, without the runs above it. */
import { expect, it } from 'vitest'
import { MachineForeignError } from '#domain/errors'
import type { Created } from '#backends/kit/provisioner'
import { addressOf, create, grow, instancesOf, observe, untilGone } from './adapter-acts.ts'
import { planOf, requestOf, tagsOf } from './adapter-under-test.ts'
import type { Chapters } from './chapters.ts'

const lifeChapters = ({ open, one, skip }: Chapters): void => {
  it('P01 creates, observes, destroys, and then lists nothing', async () => {
    const under = await open()
    await under.provisioner.verify(under.io())
    const made = await create(under)
    expect(made.ref.backend).toBe(one.launcher.name)
    grow(under)
    const seen = await observe(under, made)
    expect(seen).toMatchObject({ phase: 'running', ref: made.ref })
    // A port that is reached by its API has no address.
    const hasAddress = under.provisioner.reach === undefined
    expect(addressOf(seen) !== null).toBe(hasAddress)
    expect(seen.name).toBe(requestOf(under).name)
    expect(seen.tags).toEqual(under.provisioner.traits.tags === 'tags' ? tagsOf() : null)
    expect((await instancesOf(under)).map(({ ref }) => ref)).toEqual([made.ref])
    await untilGone(under, made)
    expect(await instancesOf(under)).toEqual([])
    expect(under.fake.model.machines()).toEqual([])
  })

  it('P03 makes one machine of the same key given twice', async (test) => {
    const under = await open()
    if (under.provisioner.traits.idempotency === 'none') {
      return skip(test, 'P03', 'it knows no idempotency key')
    }
    const first = await create(under)
    const second = await create(under).catch(() => first)
    expect(second.ref).toEqual(first.ref)
    expect(under.fake.model.machines()).toHaveLength(1)
  })

  it('P13 tells that a spot machine was taken back', async (test) => {
    const { spotOffer } = one
    const under = await open()
    if (spotOffer === null) return skip(test, 'P13', 'it has no spot offers')
    const made = await under.provisioner.create(under.io(), planOf(under, spotOffer))
    grow(under)
    under.fake.model.reclaim?.(made.ref.id)
    const { phase } = await observe(under, made)
    const isTold = under.provisioner.traits.tellsInterruption
    expect(isTold ? ['interrupted'] : ['failed', 'gone']).toContain(phase)
    await untilGone(under, made)
    expect(under.fake.model.machines()).toEqual([])
  })
}

const destroyChapters = ({ open, one, skip }: Chapters): void => {
  it('P08 is certain that something is gone only where a read shows it', async () => {
    const under = await open({ destroyMs: 12_000 })
    const made = await create(under)
    under.fake.inject({ kind: 'refuse', reply: { status: 500, text: 'oh' } }, one.isDestroy)
    await expect(under.provisioner.destroy(under.io(), made.ref)).rejects.toThrow(/500/)
    expect(under.fake.model.machines()).toHaveLength(1)
    expect(await under.provisioner.destroy(under.io(), made.ref)).toBe('going')
    await untilGone(under, made)
    expect(await under.provisioner.destroy(under.io(), made.ref)).toBe('gone')
  })

  it('P09 sees a machine that is not shown yet as gone, and then as it is', async (test) => {
    const under = await open({ hiddenReads: 2 })
    if (under.provisioner.traits.listConsistencySeconds === 0) {
      return skip(test, 'P09', 'it shows at once what was made')
    }
    const made = await create(under)
    const first = await observe(under, made)
    grow(under)
    for (let reads = 0; reads < 3; reads++) await observe(under, made)
    expect(first.phase).toBe('gone')
    expect((await observe(under, made)).phase).toBe('running')
  })

  it('P10 has no address before there is one', async (test) => {
    const under = await open({ bootMs: 1000, addressMs: 60_000 })
    if (under.provisioner.reach) return skip(test, 'P10', 'its port is reached by its API')
    const made = await create(under)
    under.clock.advance(2000)
    expect(addressOf(await observe(under, made))).toBeNull()
    under.clock.advance(60_000)
    expect(addressOf(await observe(under, made))).toMatch(/^[0-9a-z.:-]+$/i)
    expect(addressOf(await observe(under, made))).not.toBe('0.0.0.0')
    return undefined
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
    await expect(under.provisioner.destroy(under.io(), { ...made.ref, id })).rejects.toThrow(
      MachineForeignError,
    )
    expect(under.fake.model.machines().map((machine) => machine.name)).toContain('web-1')
    expect(under.fake.asked.filter(one.isDestroy)).toEqual([])
  })
}

export const adapterChapters = (chapters: Chapters): void => {
  lifeChapters(chapters)
  destroyChapters(chapters)
}
