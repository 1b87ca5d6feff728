import { join } from 'node:path'
import { userCatalogPath } from '#catalog/location'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'

export interface HistoryPlaces {
  readonly historyPath: string
  /** The catalog whose changes are kept. */
  readonly catalogPath: string
}

/** The history of the user's catalog lies beside it. */
export const historyPlaces = (environment: Environment): HistoryPlaces => ({
  historyPath: join(dataHome(environment), 'history.sqlite'),
  catalogPath: userCatalogPath(environment),
})
