/** Where the server of a data folder listens, for other processes of this machine. */
import { join } from 'node:path'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import { ownPid, processBirth } from '#platform/processes'
import { readTextFile, removeTree, writeTextFile } from '#platform/text-files'

export interface ServerPlace {
  readonly pid: number
  /** When that process began: another one may have its number by now. */
  readonly born: string | null
  readonly url: string
}

const fileOf = (environment: Environment): string => join(dataHome(environment), 'server.json')

const isPlace = (value: unknown): value is ServerPlace =>
  typeof value === 'object' && value !== null && 'pid' in value && 'born' in value && 'url' in value

const isThere = ({ pid, born }: ServerPlace): boolean => {
  const now = processBirth(pid)
  return now !== null && now === born
}

/** The server that is up now; null where there is none, or where the last one has died. */
export const serverHere = (environment: Environment): ServerPlace | null => {
  const text = readTextFile(fileOf(environment))
  if (text === null) return null
  try {
    const place: unknown = JSON.parse(text)
    return isPlace(place) && isThere(place) ? place : null
  } catch {
    return null
  }
}

export const announceServer = (environment: Environment, url: string): void => {
  const pid = ownPid()
  const place: ServerPlace = { pid, born: processBirth(pid), url }
  writeTextFile(fileOf(environment), JSON.stringify(place))
}

export const withdrawServer = (environment: Environment): void => removeTree(fileOf(environment))
