/** Archives made to do harm, or broken. */
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openZip } from '#platform/zip'
import { makeZip, type Member } from './zip-maker.ts'

const read = async (members: readonly Member[], limits = { members: 3, bytes: 1000 }) => {
  const archive = await openZip(makeZip(members), 'a.zip', limits)
  const texts: string[] = []
  for (const member of archive.members) {
    const chunks: Uint8Array[] = []
    for await (const chunk of await member.open()) chunks.push(chunk)
    texts.push(`${member.name} ${member.modifiedMs} ${Buffer.concat(chunks).toString()}`)
  }
  archive.close()
  return texts
}

test('members with their time; none where the archive tells none', async () => {
  const members: readonly Member[] = [
    { name: 'a.csv', content: 'one', day: [2026, 8, 19] },
    { name: 'sub/b.csv', content: 'two' },
    { name: 'sub/', content: '' },
  ]
  expect(await read(members)).toEqual([
    `a.csv ${Date.parse('2026-08-19T00:00:00Z')} one`,
    'sub/b.csv null two',
  ])
})

test.each(['../up.csv', '/etc/root.csv', 'a/../../up.csv', 'C:/disk.csv', 'back\\slash.csv'])(
  '"%s" leads outside',
  async (name) => {
    await expect(read([{ name, content: '' }])).rejects.toMatchObject({ code: 'upstream-invalid' })
  },
)

test('more than it may unpack to is refused before anything is unpacked', async () => {
  const content = Buffer.alloc(2000)
  await expect(read([{ name: 'big.csv', content }])).rejects.toThrow(
    'more than 3 files or 1000 bytes',
  )
})

test('more than it says breaks off', async () => {
  const content = Buffer.alloc(100_000)
  await expect(read([{ name: 'liar.csv', content, saidBytes: 10 }])).rejects.toThrow(
    'too many bytes',
  )
})

test('less than it says breaks off', async () => {
  await expect(read([{ name: 'liar.csv', content: 'x', saidBytes: 10 }])).rejects.toThrow(
    'not enough bytes',
  )
})

test('other bytes than it says break off', async () => {
  const packed = deflateRawSync('0.12')
  await expect(read([{ name: 'liar.csv', content: '1.12', packed }])).rejects.toThrow(
    '"liar.csv" has not the checksum of the archive',
  )
})

test('too many members are refused', async () => {
  const members = Array.from({ length: 4 }, (_, index) => ({ name: `${index}.csv`, content: '' }))
  await expect(read(members)).rejects.toThrow('more than 3 files')
})

test.each([
  ['cut off', (zip: Buffer) => zip.subarray(0, zip.length - 30)],
  ['empty', () => Buffer.alloc(0)],
])('%s', async (_what, spoil) => {
  const zip = spoil(makeZip([{ name: 'a.csv', content: 'one' }]))
  await expect(openZip(zip, 'a.zip')).rejects.toMatchObject({
    code: 'upstream-invalid',
    message: expect.stringContaining('"a.zip" is no zip archive') as string,
  })
})
