/** An engine behind the user's own ssh, with its keys and known hosts: why it is shut, and a way in. */
import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import type { CloudIo } from '#backends/kit/cloud-io'
import { SshFailure } from '#platform/ssh'

const patienceMs = 20_000
const mostBytes = 64 * 1024

/** The words before the command; null where the engine is not reached so. */
const wordsOf = ({ credentials }: CloudIo): readonly string[] | null => {
  const address = credentials['address'] ?? ''
  if (!address.startsWith('ssh://')) return null
  const { hostname, port, username } = new URL(address)
  const target = username === '' ? hostname : `${username}@${hostname}`
  return [...(port === '' ? [] : ['-p', port]), '-o', 'BatchMode=yes', '--', target]
}

interface Said {
  /** Null where it was ended, or never began. */
  readonly code: number | null
  readonly text: string
}

const ask = (words: readonly string[]): Promise<Said> =>
  new Promise((resolve) => {
    const child = spawn('ssh', words, { stdio: ['ignore', 'ignore', 'pipe'], timeout: patienceMs })
    let text = ''
    child.stderr.on('data', (chunk: Buffer) => {
      if (text.length < mostBytes) text += chunk.toString()
    })
    child.once('error', ({ message }) => resolve({ code: null, text: message }))
    child.once('close', (code) => resolve({ code, text }))
  })

const kindOf = ({ code, text }: Said): SshFailure['kind'] => {
  if (/host key verification failed|identification has changed/i.test(text)) return 'host-key'
  if (/permission denied \(|too many authentication failures/i.test(text)) return 'login'
  return code === 255 || code === null ? 'unreachable' : 'no-engine'
}

const messageOf = (kind: SshFailure['kind'], target: string, text: string): string => {
  const last = text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? ''
  const told = last === '' ? '' : `: ${last}`
  switch (kind) {
    case 'host-key':
      return `the key that ${target} shows is not known here, or is another${told}`
    case 'login':
      return `${target} does not let this user in${told}`
    case 'unreachable':
      return `${target} cannot be reached over ssh${told}`
    case 'no-engine':
      return `there is no Docker on ${target} that this user may use${told}`
  }
}

/**
 * A connection through ssh only ends, whatever the reason: the same command says why. Null where it
 * is another trouble, or none by now.
 */
export const sshTrouble = async (io: CloudIo, error: unknown): Promise<SshFailure | null> => {
  const words = wordsOf(io)
  if (words === null || (error instanceof Error && 'statusCode' in error)) return null
  const said = await ask([...words, 'docker', 'system', 'dial-stdio'])
  if (said.code === 0) return null
  const kind = kindOf(said)
  return new SshFailure(kind, messageOf(kind, words.at(-1) ?? '', said.text))
}

/** A connection to a port of the engine's own loopback; null where there is no such way. */
export const portOverSsh = (io: CloudIo, port: number): (() => Promise<Duplex>) | null => {
  const words = wordsOf(io)
  if (words === null) return null
  return async () => {
    const child = spawn('ssh', ['-W', `127.0.0.1:${port}`, ...words], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
    child.once('error', (error) => stream.destroy(error))
    stream.once('close', () => child.kill())
    return stream
  }
}
