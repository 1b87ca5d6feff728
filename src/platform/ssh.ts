/** One connection to a host over SSH, whose key is checked before anything is said. */
import type { Duplex } from 'node:stream'
import type { Algorithms, Client, SFTPWrapper } from 'ssh2'

export interface SshTarget {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Text of a key of OpenSSH or PEM. */
  readonly privateKey: string
  /** Whether the host may show this key, as `type base64`. */
  readonly isHostKey: (key: string) => boolean
  /** Types that it is asked to show; any where absent. */
  readonly keyType?: string
}

/** Why there is no connection. */
export class SshFailure extends Error {
  readonly kind: 'unreachable' | 'host-key' | 'login' | 'no-engine'
  constructor(kind: SshFailure['kind'], message: string) {
    super(message)
    this.name = 'SshFailure'
    this.kind = kind
  }
}

/** Small files that stand for something; paths are relative to the user's home. */
export interface SshFiles {
  makeFolder(path: string): Promise<void>
  /** Atomic; false where there is something of that name. */
  link(text: string, path: string): Promise<boolean>
  /** What a link says; null where there is none. */
  readLink(path: string): Promise<string | null>
  remove(path: string): Promise<void>
  /** Over what is there. */
  rename(from: string, to: string): Promise<void>
}

export interface SshLink {
  openSocket(path: string): Promise<Duplex>
  openPort(host: string, port: number): Promise<Duplex>
  files(): Promise<SshFiles>
  close(): void
}

const readyMs = 20_000

/** What a key's blob names as its type. */
const typeOf = (blob: Buffer): string =>
  blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1')

/** The ways of signing that belong to a type of key. */
const algorithmsOf = (keyType: string): Algorithms => ({
  serverHostKey:
    keyType === 'ssh-rsa'
      ? ['rsa-sha2-512', 'rsa-sha2-256']
      : keyType === 'ecdsa-sha2-nistp256'
        ? ['ecdsa-sha2-nistp256']
        : ['ssh-ed25519'],
})

interface Callbacks {
  <T>(work: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T>
}

const promised: Callbacks = (work) =>
  new Promise((resolve, reject) => {
    work((error, value) => (error ? reject(error) : resolve(value)))
  })

const done = (work: (back: (error?: Error | null) => void) => void): Promise<void> =>
  promised<void>((back) => work((error) => back(error, undefined)))

/** Absence has a code of its own, all else is one failure. */
const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 2

const filesOf = (sftp: SFTPWrapper): SshFiles => {
  const readLink = async (path: string): Promise<string | null> => {
    try {
      return await promised<string>((back) => sftp.readlink(path, back))
    } catch (error) {
      if (isAbsent(error)) return null
      throw error
    }
  }
  return {
    readLink,
    makeFolder: async (path) => {
      try {
        await done((back) => sftp.mkdir(path, { mode: 0o700 }, back))
      } catch (error) {
        await promised((back) => sftp.stat(path, back)).catch(() => Promise.reject(error))
      }
    },
    link: async (text, path) => {
      try {
        await done((back) => sftp.symlink(text, path, back))
        return true
      } catch (error) {
        if ((await readLink(path)) === null) throw error
        return false
      }
    },
    remove: async (path) => {
      try {
        await done((back) => sftp.unlink(path, back))
      } catch (error) {
        if (!isAbsent(error)) throw error
      }
    },
    rename: (from, to) => done((back) => sftp.ext_openssh_rename(from, to, back)),
  }
}

const linkOf = (client: Client): SshLink => ({
  openSocket: (path) => promised((back) => client.openssh_forwardOutStreamLocal(path, back)),
  openPort: (host, port) => promised((back) => client.forwardOut('127.0.0.1', 0, host, port, back)),
  files: async () => filesOf(await promised<SFTPWrapper>((back) => client.sftp(back))),
  close: () => client.end(),
})

const failureOf = (error: Error & { readonly level?: string }, at: string): SshFailure =>
  error.level === 'client-authentication'
    ? new SshFailure('login', `${at} does not take the key for this user`)
    : new SshFailure('unreachable', `${at} cannot be reached: ${error.message}`)

/** Throws SshFailure, and what the signal says. */
export const connectSsh = async (target: SshTarget, signal: AbortSignal): Promise<SshLink> => {
  const { Client } = (await import('ssh2')).default
  signal.throwIfAborted()
  const { host, port, user, privateKey, keyType } = target
  const at = `${host}:${port}`
  const client = new Client()
  let isForeign = false
  const stop = () => client.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error) => reject(isForeign ? foreign(at) : failureOf(error, at))
      client.once('ready', resolve)
      client.once('error', fail)
      client.once('close', () => fail(new Error('the connection was closed')))
      client.connect({
        host,
        port,
        username: user,
        privateKey,
        readyTimeout: readyMs,
        keepaliveInterval: 15_000,
        ...(keyType !== undefined && { algorithms: algorithmsOf(keyType) }),
        hostVerifier: (blob: Buffer) => {
          isForeign = !target.isHostKey(`${typeOf(blob)} ${blob.toString('base64')}`)
          return !isForeign
        },
      })
      // What is said is short, and waits for its answer: gathering it costs 40 ms a turn.
      client.setNoDelay(true)
    })
  } catch (error) {
    client.destroy()
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
  // What is under way fails by itself; without a listener the process would.
  client.on('error', () => undefined)
  return linkOf(client)
}

const foreign = (at: string): SshFailure =>
  new SshFailure('host-key', `${at} shows another host key than the one known`)
