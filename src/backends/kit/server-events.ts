/** Server-sent events, as far as logs need them: ids and data, without types and retry times. */
import { linesOf } from './lines.ts'

export interface ServerEvent {
  /** Null for one without. */
  readonly id: string | null
  /** Null for a block without: a server that has nothing to tell says that it is there. */
  readonly data: string | null
}

const fieldOf = (line: string): readonly [string, string] => {
  const at = line.indexOf(':')
  if (at < 0) return [line, '']
  return [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')]
}

const eventOf = (block: readonly string[]): ServerEvent => {
  let id: string | null = null
  const data: string[] = []
  for (const [name, value] of block.map(fieldOf)) {
    if (name === 'id' && !value.includes('\0')) id = value
    if (name === 'data') data.push(value)
  }
  return { id, data: data.length === 0 ? null : data.join('\n') }
}

/** What is cut off by the end is no event. */
export async function* serverEvents(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerEvent> {
  let block: string[] = []
  for await (const lines of linesOf(pieces)) {
    for (const line of lines.map((one) => one.replace(/\r$/, ''))) {
      if (line !== '') block.push(line)
      else if (block.length > 0) {
        yield eventOf(block)
        block = []
      }
    }
  }
}
