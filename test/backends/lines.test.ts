import { expect, test } from 'vitest'
import { linesOf } from '#backends/kit/lines'

const linesIn = async (...pieces: Uint8Array[]): Promise<readonly string[]> => {
  const all: string[] = []
  const body = async function* () {
    yield* pieces
  }
  for await (const several of linesOf(body())) all.push(...several)
  return all
}

test('lines are the same wherever the pieces are cut, inside a letter too', async () => {
  const text = Buffer.from('für\n\nzwei, 100 €\nohne Ende')
  for (let cut = 0; cut <= text.length; cut++) {
    const lines = await linesIn(text.subarray(0, cut), text.subarray(cut))
    expect(lines, String(cut)).toEqual(['für', '', 'zwei, 100 €', 'ohne Ende'])
  }
})

test('an end of line at the end begins no further one', async () => {
  expect(await linesIn(Buffer.from('a\nb\n'))).toEqual(['a', 'b'])
  expect(await linesIn()).toEqual([])
})

test('a line that does not end is refused before it fills the memory', async () => {
  const piece = Buffer.alloc(600_000, 'a')
  await expect(linesIn(piece, piece, piece)).rejects.toMatchObject({ code: 'upstream-invalid' })
})
