/** The keys of one machine: ours to come in with, and its own to be known by. */
import { join } from 'node:path'
import { StateUnreadableError } from '#domain/errors'
import { writePrivateFile } from '#platform/private-file'
import { newSshKeyPair, type SshKeyPair } from '#platform/ssh-keys'
import { readTextFile } from '#platform/text-files'

export interface MachineKeys {
  readonly login: SshKeyPair
  readonly host: SshKeyPair
}

const isPair = (value: unknown): value is SshKeyPair =>
  typeof value === 'object' && value !== null && 'publicKey' in value && 'privateKey' in value

const isKeys = (value: unknown): value is MachineKeys =>
  typeof value === 'object' &&
  value !== null &&
  'login' in value &&
  'host' in value &&
  isPair(value.login) &&
  isPair(value.host)

/** Null where this machine was not made from here. */
export const readKeys = (home: string, name: string): MachineKeys | null => {
  const path = join(home, 'machines', `${name}.json`)
  const text = readTextFile(path)
  if (text === null) return null
  const value: unknown = JSON.parse(text)
  if (isKeys(value)) return value
  throw new StateUnreadableError(`"${path}" holds no keys`)
}

/** On disk before the machine is asked for, readable for their owner alone; the same every time. */
export const keysFor = (home: string, name: string): MachineKeys => {
  const known = readKeys(home, name)
  if (known !== null) return known
  const keys = { login: newSshKeyPair('dstack-offers'), host: newSshKeyPair(name) }
  writePrivateFile(join(home, 'machines', `${name}.json`), JSON.stringify(keys))
  return readKeys(home, name) ?? keys
}
