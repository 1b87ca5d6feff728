/**
 * Containers whose image is still on the way: nobody waits for it, and everybody may look. This
 * process alone knows of them; of one that was killed nothing is left but layers of the image.
 */
import type { CloudIo } from '#backends/kit/cloud-io'
import type { OwnerTags, Verdict } from '#domain/launch'

/** What is asked for, by its name. */
interface Wanted {
  readonly name: string
  readonly tags: OwnerTags
}

interface Brought extends Wanted {
  /** What it has failed with; null while it is on the way. */
  readonly verdict: Verdict | null
}

interface Bringing extends Brought {
  readonly stop: AbortController
  readonly end: Promise<void>
}

export interface Bringings {
  /** Does nothing where that is under way. `work` is told when to give up. */
  begin(io: CloudIo, wanted: Wanted, work: (signal: AbortSignal) => Promise<void>): void
  /** Null for what has been brought, or is not known. */
  look(name: string): Brought | null
  names(): readonly string[]
  /** Ends what is under way, and forgets it. */
  end(name: string): Promise<void>
}

const calls = 3
const firstDelayMs = 2000

export const newBringings = (classify: (error: unknown) => Verdict): Bringings => {
  const known = new Map<string, Bringing>()

  const mayRepeat = ({ class: kind }: Verdict): boolean =>
    kind === 'transient' || kind === 'rate-limited'

  const bring = async (io: CloudIo, work: () => Promise<void>): Promise<Verdict | null> => {
    for (let call = 1; ; call++) {
      try {
        await work()
        return null
      } catch (error) {
        const verdict = classify(error)
        if (call === calls || io.signal.aborted || !mayRepeat(verdict)) return verdict
        await io.sleep(firstDelayMs * 2 ** (call - 1)).catch(() => undefined)
        if (io.signal.aborted) return verdict
      }
    }
  }

  return {
    begin: (given, wanted, work) => {
      const { name } = wanted
      const before = known.get(name)
      if (before !== undefined && before.verdict === null) return
      const stop = new AbortController()
      const io = { ...given, signal: AbortSignal.any([given.signal, stop.signal]) }
      const end = bring(io, () => work(io.signal)).then((verdict) => {
        if (verdict === null) known.delete(name)
        else known.set(name, { ...wanted, stop, end, verdict })
      })
      known.set(name, { ...wanted, stop, end, verdict: null })
    },
    look: (name) => known.get(name) ?? null,
    names: () => [...known.keys()],
    end: async (name) => {
      const found = known.get(name)
      found?.stop.abort()
      await found?.end
      known.delete(name)
    },
  }
}
