/** Offers of backends that no catalog describes: this machine, an engine, a simulated cloud. */
import type { Offer } from '#domain/offer'
import type { BackendHands } from '#runs/hands'

/** What a backend has right now; nothing where catalogs describe it. Throws what it throws. */
export const offersNow = async (
  { provisioner, io }: Pick<BackendHands, 'provisioner' | 'io'>,
  signal: AbortSignal,
): Promise<readonly Offer[]> =>
  provisioner.inventory === undefined ? [] : provisioner.inventory(io(() => undefined, signal))
