import { userCatalogPath } from '#catalog/location'
import { ArgumentError } from '#domain/errors'
import { historyPlaces } from '#history/location'
import { priceRecord } from '#history/price-record'
import { readClock } from '#platform/clock'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import { heldOffers, putBackend } from './catalog-file.ts'
import { differencesOf, type Difference } from './changes.ts'
import { leaveQuarantine, newestOf, type Quarantined, readQuarantined } from './quarantine.ts'
import { whileAlone } from './refresh.ts'

const quarantinedOf = (environment: Environment, backend: string): Quarantined => {
  const quarantined = readQuarantined(dataHome(environment), backend)
  if (quarantined === null) throw new ArgumentError(`nothing of "${backend}" is in quarantine`)
  return quarantined
}

/** What was kept aside, beside what is held. */
export interface KeptAside {
  readonly why: readonly string[]
  readonly offers: number
  /** When it was seen, and when what is held was; null for unknown, or nothing. */
  readonly seen: string | null
  readonly heldSince: string | null
  readonly differences: readonly Difference[]
}

/** For a person to look at before it is taken. Throws ArgumentError where nothing is kept aside. */
export const lookAtQuarantined = (environment: Environment, backend: string): KeptAside => {
  const { offers, why } = quarantinedOf(environment, backend)
  const held = heldOffers(userCatalogPath(environment), backend)
  return {
    why,
    offers: offers.length,
    seen: newestOf(offers),
    heldSince: newestOf(held),
    differences: differencesOf(held, offers),
  }
}

/** A person takes what was kept aside. Gives how many offers. Throws ArgumentError where nothing is. */
export const acceptQuarantined = (environment: Environment, backend: string): Promise<number> =>
  whileAlone(environment, () => {
    const home = dataHome(environment)
    const { offers, notes, importer } = quarantinedOf(environment, backend)
    const record = priceRecord(historyPlaces(environment), () => readClock(environment))
    putBackend(userCatalogPath(environment), { backend, offers, notes, importer }, record)
    leaveQuarantine(home, backend)
    return offers.length
  })
