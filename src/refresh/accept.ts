import { userCatalogPath } from '#catalog/location'
import { ArgumentError } from '#domain/errors'
import { historyPlaces } from '#history/location'
import { priceRecord } from '#history/price-record'
import { readClock } from '#platform/clock'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import { putBackend } from './catalog-file.ts'
import { leaveQuarantine, readQuarantined } from './quarantine.ts'
import { whileAlone } from './refresh.ts'

/** A person takes what was kept aside. Gives how many offers. Throws ArgumentError where nothing is. */
export const acceptQuarantined = (environment: Environment, backend: string): Promise<number> =>
  whileAlone(environment, () => {
    const home = dataHome(environment)
    const quarantined = readQuarantined(home, backend)
    if (quarantined === null) throw new ArgumentError(`nothing of "${backend}" is in quarantine`)
    const { offers, notes, importer } = quarantined
    const record = priceRecord(historyPlaces(environment), () => readClock(environment))
    putBackend(userCatalogPath(environment), { backend, offers, notes, importer }, record)
    leaveQuarantine(home, backend)
    return offers.length
  })
