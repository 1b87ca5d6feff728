/** The headers of a replica's answer, as a client gets them. */
import { isHopByHop, namedInConnection } from './request-head.ts'

const connectionOf = (raw: readonly Buffer[]): string | undefined => {
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]
    if (name?.length === 10 && name.toString('latin1').toLowerCase() === 'connection') {
      return raw[at + 1]?.toString('latin1')
    }
  }
  return undefined
}

/**
 * Name and value in turn, in order and case, without the hop-by-hop ones. `Trailer` stays: the
 * trailers that it announces are passed on.
 */
export const headersForClient = (raw: readonly Buffer[]): string[] => {
  const into: string[] = []
  const named = namedInConnection(connectionOf(raw))
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]?.toString('latin1') ?? ''
    const lower = name.toLowerCase()
    if ((isHopByHop(lower) && lower !== 'trailer') || named?.has(lower)) continue
    into.push(name, raw[at + 1]?.toString('latin1') ?? '')
  }
  return into
}

/** The same by lower-case name, for a caller of our own. */
export const headerRecord = (raw: readonly Buffer[]): Record<string, string | string[]> => {
  const into = new Map<string, string | string[]>()
  const list = headersForClient(raw)
  for (let at = 0; at < list.length; at += 2) {
    const name = (list[at] ?? '').toLowerCase()
    const value = list[at + 1] ?? ''
    const earlier = into.get(name)
    into.set(name, earlier === undefined ? value : [earlier, value].flat())
  }
  return Object.fromEntries(into)
}
