/** What markets said for this answer, as a key of its document; none where none were asked. */
import type { LiveAsked } from '#cli/live-offers'
import type { Json } from '#domain/json'

export const liveKey = async (live: LiveAsked | undefined): Promise<{ readonly live?: Json }> =>
  live === undefined ? {} : { live: (await import('#cli/live-offers')).toLiveDocument(live) }
