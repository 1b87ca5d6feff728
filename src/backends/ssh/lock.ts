/** Who has a host: a link in the user's home there, whose text names the attempt. One at a time. */
import { machineName, type OwnerTags } from '#domain/launch'
import type { SshFiles } from '#platform/ssh'

const folder = '.dstack-offers'
const path = `${folder}/lock`

/** The host is taken. */
export class HostTaken extends Error {
  constructor(host: string, by: string) {
    super(`"${host}" is taken by "${by}"; its lock there is ~/${path}`)
    this.name = 'HostTaken'
  }
}

const print = ({ owner, attempt, run, expiresAt }: OwnerTags): string =>
  [owner, attempt, run, expiresAt].join(' ')

const parse = (text: string | null): OwnerTags | null => {
  const [owner, attempt, run, expiresAt] = (text ?? '').split(' ')
  return owner && attempt && run && expiresAt ? { owner, attempt, run, expiresAt } : null
}

/** Null for a host that is free. */
export const holderOf = async (files: SshFiles): Promise<OwnerTags | null> =>
  parse(await files.readLink(path))

/** Once more for the same attempt changes nothing. Throws HostTaken. */
export const takeHost = async (files: SshFiles, host: string, tags: OwnerTags): Promise<void> => {
  await files.makeFolder(folder)
  if (await files.link(print(tags), path)) return
  const holder = await holderOf(files)
  if (holder?.owner === tags.owner && holder.attempt === tags.attempt) return
  throw new HostTaken(host, holder === null ? 'somebody' : machineName(holder))
}

/** Only the lock of that machine. */
export const freeHost = async (files: SshFiles, machine: string): Promise<void> => {
  const holder = await holderOf(files)
  if (holder !== null && machineName(holder) === machine) await files.remove(path)
}

/** Moves the expiry, for the one who has it. */
export const keepHost = async (files: SshFiles, tags: OwnerTags): Promise<void> => {
  const holder = await holderOf(files)
  if (holder?.attempt !== tags.attempt || holder.owner !== tags.owner) return
  const next = `${folder}/next-${machineName(tags)}`
  await files.remove(next)
  await files.link(print(tags), next)
  await files.rename(next, path)
}
