/** Where a request wants to go, by its host and its path. Pure. */

export type Route =
  | {
      readonly kind: 'service'
      readonly run: string
      /** What the replica is asked for: path and query. */
      readonly path: string
      /** What was cut off the path; empty where the host names the run. */
      readonly prefix: string
    }
  /** `/services/<run>` without the slash that relative links need. */
  | { readonly kind: 'redirect'; readonly run: string; readonly location: string }
  | { readonly kind: 'models'; readonly path: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'malformed'; readonly problem: string }

const servicesPrefix = '/services/'

/** A `..` between slashes, however it is written: replicas disagree about what it means. */
const climbing = /(?:[/\\]|%2f|%5c)(?:\.|%2e){2}(?:$|[/\\;]|%2f|%5c)/i

const hostForm = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?$/i

const nameOf = (host: string): string => {
  const colon = host.endsWith(']') ? -1 : host.lastIndexOf(':')
  const name = (colon === -1 ? host : host.slice(0, colon)).toLowerCase()
  return name.endsWith('.') ? name.slice(0, -1) : name
}

/** A bare host knows services by path, and models by the paths that clients of OpenAI ask for. */
const byPath = (target: string): Route => {
  const query = target.indexOf('?')
  const path = query === -1 ? target : target.slice(0, query)
  if (path.startsWith(servicesPrefix)) {
    const end = path.indexOf('/', servicesPrefix.length)
    const run = path.slice(servicesPrefix.length, end === -1 ? undefined : end)
    if (run === '') return { kind: 'unknown' }
    if (end === -1) {
      return { kind: 'redirect', run, location: `${path}/${target.slice(path.length)}` }
    }
    return { kind: 'service', run, path: target.slice(end), prefix: path.slice(0, end) }
  }
  const isModels = path === '/models' || path === '/v1' || path.startsWith('/v1/')
  return isModels ? { kind: 'models', path: target } : { kind: 'unknown' }
}

const problemOf = (host: string | undefined, target: string): string | null => {
  if (!target.startsWith('/')) return 'The target must be a path.'
  if (host !== undefined && !hostForm.test(host)) return 'The Host header names no host.'
  const query = target.indexOf('?')
  const path = query === -1 ? target : target.slice(0, query)
  if (path.includes('#')) return 'The target holds a fragment.'
  return climbing.test(path) ? 'The path climbs with "..".' : null
}

/** `domain` in lower case; `host` may carry a port. */
export const routeOf = (domain: string, host: string | undefined, target: string): Route => {
  const problem = problemOf(host, target)
  if (problem !== null) return { kind: 'malformed', problem }
  const name = nameOf(host ?? '')
  const at = name.length - domain.length - 1
  if (at <= 0 || name[at] !== '.' || !name.endsWith(domain)) return byPath(target)
  const label = name.slice(0, at)
  if (label === 'gateway') return { kind: 'models', path: target }
  return label.includes('.')
    ? { kind: 'unknown' }
    : { kind: 'service', run: label, path: target, prefix: '' }
}
