/** Finds machines of ours that no run owns, at the backends themselves, and removes them. */
import type { Listed } from '#backends/kit/provisioner'
import { isMachineNameOf, type OwnerTags } from '#domain/launch'
import { parseInstant } from '#platform/clock'
import type { BackendHands, Hands } from './hands.ts'
import { ownerOf } from './owner.ts'
import type { Instance } from './rows.ts'

export interface Reaped {
  readonly backend: string
  readonly what: string
  readonly id: string
  readonly why: string
  /** `kept` in a dry run; `failed` where the backend would not remove it, and it is still there. */
  readonly outcome: 'gone' | 'going' | 'kept' | 'failed'
}

export interface ReapOptions {
  /** Whose machines; the state file's own owner, or one whose state file is lost. */
  readonly owner: string
  /** Only what has expired: for machines whose books are elsewhere. */
  readonly onlyExpired: boolean
  readonly dryRun: boolean
}

/** Clocks differ: nothing is taken that expired less than this ago. */
const skewMs = 5 * 60 * 1000

const isPast = ({ clock }: Hands, expiresMs: number | null): boolean =>
  expiresMs !== null && clock.nowMs() > expiresMs + skewMs

/** What is said about a machine or side object, whichever it is. */
interface Found {
  readonly name: string
  readonly id: string
  readonly tags: OwnerTags | null
  readonly isGone: boolean
}

const foundOf = (listed: Listed): Found => {
  if ('instance' in listed) {
    const { name, ref, tags, phase } = listed.instance
    return { name: name ?? '', id: ref.id, tags, isGone: phase === 'gone' }
  }
  const { sideObject, tags } = listed
  return { name: sideObject.id, id: sideObject.id, tags, isGone: false }
}

/** Our books on it, which know better than its tags when it expires: not every backend can move those. */
const inBooks = (
  { store }: Hands,
  backend: string,
  listed: Listed,
): Pick<Instance, 'expiresMs'> | null => {
  const alive = store.instances().filter((one) => one.backend === backend)
  if ('instance' in listed)
    return alive.find(({ refId }) => refId === listed.instance.ref.id) ?? null
  const { kind, id } = listed.sideObject
  const noted = store
    .sideObjects()
    .find((one) => one.backend === backend && one.kind === kind && one.id === id)
  if (noted === undefined) return null
  // The reconciler removes what its own books hold.
  return alive.find((one) => one.id === noted.attemptId) ?? { expiresMs: Infinity }
}

/** An attempt that nobody knows the outcome of may own it. */
const mayBelong = ({ store }: Hands, { tags, name }: Found): boolean =>
  store.unsettledAttempts().some(({ id }) => id === tags?.attempt || name.endsWith(id.slice(-12)))

/** Why it may go; null where it stays. What does not carry the owner's tag or name is never ours. */
const reasonOf = (
  hands: Hands,
  backend: string,
  listed: Listed,
  { owner, onlyExpired }: ReapOptions,
): string | null => {
  const found = foundOf(listed)
  const { tags, name, isGone } = found
  if (isGone || (tags === null ? !isMachineNameOf(name, owner) : tags.owner !== owner)) return null
  const isOwn = owner === ownerOf(hands)
  const known = isOwn ? inBooks(hands, backend, listed) : null
  if (known !== null) return isPast(hands, known.expiresMs) ? 'expired' : null
  if (isOwn && mayBelong(hands, found)) return null
  if (isPast(hands, tags === null ? null : parseInstant(tags.expiresAt))) return 'expired'
  return onlyExpired ? null : 'no run owns it'
}

const remove = (hands: Hands, backend: BackendHands, listed: Listed): Promise<'gone' | 'going'> => {
  const io = backend.io(() => undefined, hands.signal)
  return 'instance' in listed
    ? backend.provisioner.destroy(io, listed.instance.ref)
    : backend.provisioner.destroySideObject(io, listed.sideObject)
}

const reapOne = async (
  hands: Hands,
  backend: BackendHands,
  listed: Listed,
  failures: unknown[],
): Promise<Reaped['outcome']> => {
  try {
    return await remove(hands, backend, listed)
  } catch (error) {
    failures.push(error)
    return 'failed'
  }
}

const wordsOf = (listed: Listed): Pick<Reaped, 'what' | 'id'> =>
  'instance' in listed
    ? { what: 'instance', id: listed.instance.ref.id }
    : { what: listed.sideObject.kind, id: listed.sideObject.id }

/**
 * Goes on after what cannot be removed, and throws the first that the backend threw once all has been
 * tried: `told` has heard of everything by then.
 */
export const reapBackend = async (
  hands: Hands,
  name: string,
  backend: BackendHands,
  options: ReapOptions,
  told: (reaped: Reaped) => void = () => undefined,
): Promise<readonly Reaped[]> => {
  const given = backend.io(() => undefined, hands.signal)
  const everything: Listed[] = []
  for await (const listed of backend.provisioner.list(given, options.owner)) everything.push(listed)
  const reaped: Reaped[] = []
  const failures: unknown[] = []
  for (const listed of everything) {
    const why = reasonOf(hands, name, listed, options)
    if (why === null) continue
    hands.signal.throwIfAborted()
    const one = { backend: name, ...wordsOf(listed), why }
    const outcome = options.dryRun ? 'kept' : await reapOne(hands, backend, listed, failures)
    reaped.push({ ...one, outcome })
    told({ ...one, outcome })
  }
  if (failures.length > 0) throw failures[0]
  return reaped
}
