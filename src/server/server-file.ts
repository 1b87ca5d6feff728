/** Where the server of a data folder listens, for other processes of this machine. */
import { join } from 'node:path'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import { ownPid, sendSignal } from '#platform/processes'
import { readTextFile, removeTree, writeTextFile } from '#platform/text-files'

export interface ServerPlace {
  readonly pid: number
  readonly url: string
}

const fileOf = (environment: Environment): string => join(dataHome(environment), 'server.json')

const isPlace = (value: unknown): value is ServerPlace =>
  typeof value === 'object' && value !== null && 'pid' in value && 'url' in value

/** The server that is up now; null where there is none, or where the last one has died. */
export const serverHere = (environment: Environment): ServerPlace | null => {
  const text = readTextFile(fileOf(environment))
  if (text === null) return null
  try {
    const place: unknown = JSON.parse(text)
    return isPlace(place) && sendSignal(place.pid, 0) ? place : null
  } catch {
    return null
  }
}

export const announceServer = (environment: Environment, url: string): void =>
  writeTextFile(fileOf(environment), JSON.stringify({ pid: ownPid(), url }))

export const withdrawServer = (environment: Environment): void => removeTree(fileOf(environment))
