/** The hosts that the user has written down, and the way to one of them. */
import { join } from 'node:path'
import { BackendUnusableError } from '#domain/errors'
import type { CloudIo } from '#backends/kit/cloud-io'
import { bareKey } from '#platform/ssh-keys'
import { connectSsh, type SshLink } from '#platform/ssh'
import { writePrivateFile } from '#platform/private-file'
import { readTextFile } from '#platform/text-files'
import { readYaml } from '#platform/yaml'
import { valueOf } from '#platform/yaml-tree'
import { type Host, readHosts } from './schema.ts'

type HostsDoor = Pick<CloudIo, 'credentials'>

const fileOf = ({ credentials }: HostsDoor): string => credentials['hosts'] ?? ''

/** None where there is no file. Throws BackendUnusableError for one that cannot be read. */
export const hostsOf = (io: HostsDoor): readonly Host[] => {
  const path = fileOf(io)
  const text = readTextFile(path)
  if (text === null) return []
  const { root, problems } = readYaml(text)
  const [problem] = problems
  if (problem !== undefined || root === null) {
    throw new BackendUnusableError(`"${path}" is no YAML: ${problem?.message ?? 'it is empty'}`)
  }
  return readHosts(valueOf(root), path)
}

export const hostNamed = (io: CloudIo, name: string): Host => {
  const host = hostsOf(io).find((one) => one.name === name)
  if (host !== undefined) return host
  throw new BackendUnusableError(`"${fileOf(io)}" names no host "${name}"`, {
    hint: 'put it back, so that what runs there can be looked after',
  })
}

const inHome = ({ credentials }: CloudIo, path: string): string =>
  path.startsWith('~/') ? join(credentials['home'] ?? '', path.slice(2)) : path

const identityOf = (io: CloudIo, { name, identity_file }: Host): string => {
  const path = inHome(io, identity_file)
  const text = io.secretFile(path)
  if (text !== null) return text
  throw new BackendUnusableError(`there is no key "${path}" for the host "${name}"`, {
    hint: `correct identity_file in "${fileOf(io)}"`,
  })
}

const pinOf = ({ credentials }: CloudIo, { address, port }: Host): string => {
  const place = `${address}_${port ?? 22}`.replaceAll(/[^A-Za-z0-9._-]/g, '_')
  return join(credentials['data'] ?? '', 'ssh-hosts', place)
}

/** What the file says, else what the host has shown the first time. */
const knownKey = (io: CloudIo, host: Host): string | null => {
  const line = host.host_key ?? readTextFile(pinOf(io, host))
  if (line === null) return null
  const key = bareKey(line)
  if (key !== null) return key
  throw new BackendUnusableError(`the host_key of "${host.name}" is no key`, {
    hint: 'a line as ssh-keyscan prints it, without the address',
  })
}

export const connectHost = async (io: CloudIo, host: Host): Promise<SshLink> => {
  const known = knownKey(io, host)
  return connectSsh(
    {
      host: host.address,
      port: host.port ?? 22,
      user: host.user,
      privateKey: identityOf(io, host),
      ...(known !== null && { keyType: known.split(' ')[0] ?? '' }),
      isHostKey: (key) => {
        if (known !== null) return key === known
        // Two may meet it at once: what the first has written counts.
        writePrivateFile(pinOf(io, host), `${key}\n`)
        return knownKey(io, host) === key
      },
    },
    io.signal,
  )
}
