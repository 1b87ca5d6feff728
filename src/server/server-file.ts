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
  /** Of a service, with `<run>` for its run's name. */
  readonly serviceUrl: string
}

export type ServerUrls = Pick<ServerPlace, 'url' | 'serviceUrl'>

const fileOf = (environment: Environment): string => join(dataHome(environment), 'server.json')

const keys = ['pid', 'born', 'url', 'serviceUrl'] as const

const isPlace = (value: unknown): value is ServerPlace =>
  typeof value === 'object' && value !== null && keys.every((key) => key in value)

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

export const announceServer = (environment: Environment, urls: ServerUrls): void => {
  const pid = ownPid()
  const place: ServerPlace = { pid, born: processBirth(pid), ...urls }
  writeTextFile(fileOf(environment), JSON.stringify(place))
}

export const withdrawServer = (environment: Environment): void => removeTree(fileOf(environment))
