import { describe, expect, test } from 'vitest'
import { newBringings } from '#backends/docker/bringing'
import type { Verdict } from '#domain/launch'
import { ioWith } from '../local/io.ts'

const tags = { owner: 'abcd1234', run: 'r', attempt: 'a', expiresAt: '2030-01-01T00:00:00Z' }
const wanted = { name: 'dso-abcd1234-000000000001', tags }
const { name } = wanted

const verdictOf = (kind: Verdict['class']): Verdict => ({
  class: kind,
  scope: 'attempt',
  code: null,
  message: kind,
  retryAfterMs: null,
})

/** What is thrown is the class of its verdict. */
const setUp = () => {
  const slept: number[] = []
  const bringings = newBringings((error) =>
    verdictOf(error instanceof Error && error.message === 'transient' ? 'transient' : 'auth'),
  )
  const io = { ...ioWith({}), sleep: async (delayMs: number) => void slept.push(delayMs) }
  const settled = async () => {
    while (bringings.look(name)?.verdict === null) await new Promise((go) => setTimeout(go, 1))
  }
  return { bringings, io, slept, settled }
}

const failing = (message: string, times = Infinity) => {
  let calls = 0
  const work = async (): Promise<void> => {
    calls += 1
    if (calls <= times) throw new Error(message)
  }
  return { work, calls: () => calls }
}

describe('what is brought in the background', () => {
  test('is forgotten once it is there', async () => {
    const { bringings, io, settled } = setUp()
    bringings.begin(io, wanted, async () => undefined)
    expect(bringings.look(name)).toMatchObject({ ...wanted, verdict: null })
    expect(bringings.names()).toEqual([name])
    await settled()
    expect(bringings.look(name)).toBeNull()
  })

  test('is tried a few times where it may yet go well', async () => {
    const { bringings, io, slept, settled } = setUp()
    const twice = failing('transient', 2)
    bringings.begin(io, wanted, twice.work)
    await settled()
    expect({ calls: twice.calls(), slept }).toEqual({ calls: 3, slept: [2000, 4000] })
    expect(bringings.look(name)).toBeNull()
    const always = failing('transient')
    bringings.begin(io, wanted, always.work)
    await settled()
    expect(always.calls()).toBe(3)
    expect(bringings.look(name)?.verdict?.class).toBe('transient')
  })

  test('is tried once where it will not, and is known until it is ended', async () => {
    const { bringings, io, settled } = setUp()
    const refused = failing('refused')
    bringings.begin(io, wanted, refused.work)
    await settled()
    expect(refused.calls()).toBe(1)
    expect(bringings.look(name)?.verdict?.class).toBe('auth')
    await bringings.end(name)
    expect(bringings.look(name)).toBeNull()
  })

  test('is told to give up, and is waited for', async () => {
    const { bringings, io } = setUp()
    let hasEnded = false
    bringings.begin(io, wanted, async (signal) => {
      await new Promise((go) => signal.addEventListener('abort', go))
      await new Promise((go) => setTimeout(go, 20))
      hasEnded = true
      throw new Error('transient')
    })
    await bringings.end(name)
    expect(hasEnded).toBe(true)
    expect(bringings.look(name)).toBeNull()
  })
})
