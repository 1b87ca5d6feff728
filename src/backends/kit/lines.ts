/** The lines of a text that comes piece by piece, several at a time. */
import { UpstreamInvalidError } from '#domain/errors'

export type Lines = AsyncIterable<readonly string[]>

const longestLine = 1024 * 1024

export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) {
      throw new UpstreamInvalidError(
        `a line of the answer is longer than ${longestLine} characters`,
      )
    }
    if (lines.length > 0) yield lines
  }
  rest += decoder.decode()
  if (rest !== '') yield [rest]
}
