/** Chapters on plans: pure, what is sent, and without a secret in print. */
import { expect, it } from 'vitest'
import type { SideObject } from '#domain/launch'
import { create } from './adapter-acts.ts'
import { type AdapterUnderTest, planOf, requestOf } from './adapter-under-test.ts'
import type { Chapters } from './chapters.ts'
import type { FakeRequest } from './fake-cloud.ts'
import { rowOf } from './provisioner-case.ts'
import { secretCanaries } from './what-runs.ts'

const asPattern = (planned: unknown): unknown => {
  if (typeof planned === 'string') {
    return /^<.+>$/.test(planned) ? expect.anything() : planned
  }
  if (Array.isArray(planned)) return planned.map(asPattern)
  if (typeof planned !== 'object' || planned === null) return planned
  return Object.fromEntries(Object.entries(planned).map(([key, value]) => [key, asPattern(value)]))
}

/** The end of a path: where the fake stands in for a further host, something comes before. */
const asPathPattern = (address: string): RegExp => {
  const path = decodeURIComponent(new URL(address).pathname)
  const parts = path.split(/<[^>]+>/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`${parts.join('[^/]+')}$`)
}

const isChange = ({ method }: FakeRequest): boolean => method !== 'GET'

const removeUntilGone = async (under: AdapterUnderTest, object: SideObject): Promise<void> => {
  for (let calls = 0; calls < 50; calls++) {
    if ((await under.provisioner.destroySideObject(under.io(), object)) === 'gone') return
    under.clock.advance(5000)
  }
  throw new Error(`the ${object.kind} "${object.id}" is still there`)
}

export const planChapters = ({ open, one, skip }: Chapters): void => {
  it('P19 plans without a call, twice the same, and sends what was planned', async () => {
    const under = await open()
    const plan = planOf(under)
    expect(planOf(under)).toEqual(plan)
    expect(under.fake.asked).toEqual([])
    await under.provisioner.create(under.io(), plan)
    const sent = under.fake.asked.filter((asked) => isChange(asked) && !one.isUnplanned?.(asked))
    expect(sent.map(({ body }) => body)).toEqual(plan.calls.map(({ body }) => asPattern(body)))
    for (const [at, { what }] of plan.calls.entries()) {
      const [method, address = ''] = /^([A-Z]+) (https:.+)$/.exec(what)?.slice(1) ?? []
      expect(sent[at]?.method).toBe(method)
      expect(sent[at]?.path).toMatch(asPathPattern(address))
    }
  })

  it('P14 refuses a start-up text that is too long, without a call', async (test) => {
    const under = await open()
    const { userDataMaxBytes } = under.provisioner.traits
    const request = requestOf(under)
    if (userDataMaxBytes === 0 || request.access === null) {
      return skip(test, 'P14', 'it takes no start-up text')
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
    for (const secret of plan.secrets)
      printed = printed.replaceAll(JSON.stringify(secret).slice(1, -1), '***')
    const row = rowOf(one, 'invalid') ?? { status: 400, code: 'bad', message: 'bad' }
    const echoes = Object.values(one.environment)
    const failures: string[] = []
    for (const when of [one.isCreate, () => true]) {
      const reply = one.errorReply({ ...row, message: `${row.message} ${row.code ?? ''}` })
      under.fake.inject(
        { kind: 'refuse', reply: { ...reply, headers: { 'x-echo': 'canary' } } },
        when,
      )
      const error: unknown = await under.provisioner
        .create(under.io(), plan)
        .catch((thrown: unknown) => thrown)
      failures.push(
        String(error),
        JSON.stringify(under.provisioner.classify(error, { during: 'create', spot: false })),
      )
    }
    const { access } = requestOf(under)
    if (access) echoes.push(Buffer.from(access.userData).toString('base64'))
    for (const canary of [...secretCanaries, ...echoes]) {
      expect(printed).not.toContain(canary)
      expect(failures.join()).not.toContain(canary)
    }
  })

  it('P18 says what it can cost at most', async (test) => {
    const under = await open()
    const { highestNanoUsd } = planOf(under)
    const { priceNanoUsd } = one.offers[0]
    if (highestNanoUsd === null) return skip(test, 'P18', 'nobody knows what it can cost')
    expect(highestNanoUsd).toBeGreaterThanOrEqual(priceNanoUsd ?? 0)
  })

  it('P07 tells of each side object before it is made, and can remove it', async (test) => {
    if (!one.makesSideObjects) return skip(test, 'P07', 'nothing is made beside its machines')
    const under = await open()
    under.fake.inject({ kind: 'refuse', reply: { status: 500, text: 'oh' } }, one.isCreate)
    await expect(create(under)).rejects.toThrow(/500/)
    expect(under.noted.length).toBeGreaterThan(0)
    for (const object of under.noted) await removeUntilGone(under, object)
    expect(under.fake.model.sideObjects()).toEqual([])
  })
}
