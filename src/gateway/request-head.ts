/** What a replica is told of a request's head: hop-by-hop headers out, the client's address in. */

/** The client as the gateway sees it, or as a trusted proxy in front tells it. */
export interface Arrival {
  /** The other end of the connection. */
  readonly peer: string
  readonly peerTrusted: boolean
  readonly encrypted: boolean
  readonly localPort: number
}

interface HeadOptions {
  readonly arrival: Arrival
  /** The caller's Authorization opened the gateway, and is not the replica's to see. */
  readonly withholdAuthorization: boolean
  readonly prefix: string
}

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export const isHopByHop = (name: string): boolean => hopByHop.has(name)

const forwarding: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-real-ip',
])

/** Names in Connection are hop-by-hop too; but no client may take away what routes or frames. */
const neverNamed: ReadonlySet<string> = new Set(['host', 'content-length', 'authorization'])

/** The headers that a Connection header names, in lower case; null where it names none of interest. */
export const namedInConnection = (value: string | undefined): ReadonlySet<string> | null => {
  if (value === undefined || value === 'keep-alive' || value === 'close') return null
  const names = value.split(',').map((name) => name.trim().toLowerCase())
  return new Set(names.filter((name) => !neverNamed.has(name)))
}

interface Told {
  for: string | null
  host: string | null
  port: string | null
  proto: string | null
  prefix: string | null
  forwarded: string | null
}

const takeTold = (told: Told, name: string, value: string): void => {
  const joined = (earlier: string | null): string =>
    earlier === null ? value : `${earlier}, ${value}`
  if (name === 'x-forwarded-for') told.for = joined(told.for)
  else if (name === 'forwarded') told.forwarded = joined(told.forwarded)
  else if (name === 'x-forwarded-host') told.host = value
  else if (name === 'x-forwarded-port') told.port = value
  else if (name === 'x-forwarded-proto') told.proto = value
  else if (name === 'x-forwarded-prefix') told.prefix = value
}

const portOf = (host: string, arrival: Arrival): string =>
  /:(\d+)$/.exec(host)?.[1] ?? (arrival.encrypted ? '443' : `${arrival.localPort}`)

const quoted = (host: string): string => (/^[\w.-]+$/.test(host) ? host : `"${host}"`)

const node = (address: string): string =>
  address.includes(':') ? `"[${address}]"` : address || 'unknown'

const addForwarding = (
  into: string[],
  host: string,
  { arrival, prefix }: HeadOptions,
  told: Told,
): void => {
  const { peer } = arrival
  const proto = arrival.encrypted ? 'https' : 'http'
  const hop = `for=${node(peer)};host=${quoted(host)};proto=${proto}`
  into.push('x-forwarded-for', told.for === null ? peer : `${told.for}, ${peer}`)
  into.push('x-forwarded-proto', told.proto ?? proto)
  into.push('x-forwarded-host', told.host ?? host)
  into.push('x-forwarded-port', told.port ?? portOf(host, arrival))
  into.push('forwarded', told.forwarded === null ? hop : `${told.forwarded}, ${hop}`)
  const whole = `${told.prefix ?? ''}${prefix}`
  if (whole !== '') into.push('x-forwarded-prefix', whole)
}

/**
 * The headers for a replica, name and value in turn, from those that came, in their order and case.
 * `X_Forwarded_For` falls with `X-Forwarded-For`: behind CGI and WSGI they are one variable.
 */
export const headersForReplica = (raw: readonly string[], options: HeadOptions): string[] => {
  const into: string[] = []
  const told: Told = {
    for: null,
    host: null,
    port: null,
    proto: null,
    prefix: null,
    forwarded: null,
  }
  let host = ''
  let connection: string | undefined
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? ''
    if (name.length === 10 && name.toLowerCase() === 'connection') {
      const value = raw[at + 1] ?? ''
      connection = connection === undefined ? value : `${connection},${value}`
    }
  }
  const named = namedInConnection(connection)
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? ''
    const value = raw[at + 1] ?? ''
    const lower = name.toLowerCase()
    if (lower === 'host') host = value
    else if (hopByHop.has(lower) || named?.has(lower)) continue
    else if (lower === 'authorization' && options.withholdAuthorization) continue
    else if (forwarding.has(lower)) {
      if (options.arrival.peerTrusted) takeTold(told, lower, value)
      continue
    } else if (lower.includes('_') && forwarding.has(lower.replaceAll('_', '-'))) continue
    into.push(name, value)
  }
  addForwarding(into, host, options, told)
  return into
}

/**
 * The address that limits are counted by: the last one in the list that no trusted proxy has, or the
 * last, which the nearest proxy vouches for.
 */
export const clientOf = (
  arrival: Arrival,
  forwardedFor: string | undefined,
  trusted: (address: string) => boolean,
): string => {
  if (!arrival.peerTrusted || forwardedFor === undefined) return arrival.peer
  const addresses = forwardedFor
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')
  return addresses.findLast((address) => !trusted(address)) ?? addresses.at(-1) ?? arrival.peer
}
