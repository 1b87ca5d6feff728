import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { holdTunnel } from '#server/held-tunnel'

/** Each tunnel that was made, whether it leads anywhere, and whether it is closed. */
const newTunnels = () => {
  const made: { isBroken: boolean; isClosed: boolean }[] = []
  const held = holdTunnel(() => {
    const one = { isBroken: false, isClosed: false }
    made.push(one)
    return Promise.resolve({
      open: () =>
        one.isBroken ? Promise.reject(new Error('broken')) : Promise.resolve(new PassThrough()),
      close: () => {
        one.isClosed = true
      },
    })
  })
  return { made, held }
}

test('one tunnel serves all connections, and is made when the first is needed', async () => {
  const { made, held } = newTunnels()
  expect(made).toHaveLength(0)
  await Promise.all([held.open(), held.open(), held.open()])
  expect(made).toHaveLength(1)
})

test('one that leads nowhere is replaced; what flows through it ends in peace', async () => {
  const { made, held } = newTunnels()
  const stream = await held.open()
  const [first] = made
  if (first === undefined) throw new Error('no tunnel')
  first.isBroken = true
  await Promise.all([held.open(), held.open()])
  expect(first.isClosed).toBe(false)
  expect(made).toHaveLength(2)
  stream.destroy()
  await setImmediate()
  expect(made.map(({ isClosed }) => isClosed)).toEqual([true, false])
})

test('a new one that leads nowhere is an error', async () => {
  const held = holdTunnel(() =>
    Promise.resolve({ open: () => Promise.reject(new Error('broken')), close: () => {} }),
  )
  await expect(held.open()).rejects.toThrow('broken')
})

test('closed, it opens nothing any more', async () => {
  const { made, held } = newTunnels()
  await held.open()
  held.close()
  await setImmediate()
  expect(made[0]?.isClosed).toBe(true)
  await expect(held.open()).rejects.toThrow('closed')
})
