import { expect, test } from 'vitest'
import { assignBackends, type ShelvedBackend } from '#catalog/shelf'

const seen = (name: string, day: string): ShelvedBackend => {
  const newest = `2026-11-${day}T00:00:00Z`
  return { name, digest: day, offers: 1, newest, oldest: newest }
}

test('the file that saw a backend last answers for it; of equals, the later file', () => {
  const embedded = [seen('aws', '01'), seen('gcp', '03'), seen('azure', '02')]
  const own = [seen('aws', '02'), seen('gcp', '02'), seen('azure', '02'), seen('oci', '01')]
  expect(assignBackends([embedded, own])).toEqual([
    [seen('gcp', '03')],
    [seen('aws', '02'), own[2], seen('oci', '01')],
  ])
})

test('equal in all, the later file still answers, and answers alone', () => {
  const [first, second] = [[seen('aws', '01')], [seen('aws', '01')]]
  const [fromFirst, fromSecond] = assignBackends([first, second])
  expect([fromFirst, fromSecond?.[0]]).toEqual([[], second[0]])
})
