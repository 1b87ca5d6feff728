import { expect, test } from 'vitest'
import { ImportRejectedError } from '#domain/errors'
import { putQueue } from '#refresh/put-queue'

const named = (backend: string) => ({ backend, offers: [], notes: [] })

test('what is ready together goes in together', async () => {
  const puts: string[][] = []
  const put = putQueue((all) => puts.push(all.map(({ backend }) => backend)))
  await Promise.all([put(named('a')), put(named('b'))])
  await put(named('c'))
  expect(puts).toEqual([['a', 'b'], ['c']])
})

test('one that is refused fails alone', async () => {
  const inPlace: string[] = []
  const put = putQueue((all) => {
    if (all.some(({ backend }) => backend === 'bad')) throw new ImportRejectedError('no')
    inPlace.push(...all.map(({ backend }) => backend))
  })
  const ends = await Promise.allSettled(['a', 'bad', 'b'].map((name) => put(named(name))))
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(inPlace).toEqual(['a', 'b'])
})
