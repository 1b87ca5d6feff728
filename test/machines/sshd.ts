/** A real SSH server of its own, on loopback, for one key, with a home of its own for files. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { newSshKeyPair, type SshKeyPair } from '#platform/ssh-keys'
import { until } from './until.ts'

const server = '/usr/sbin/sshd'

/** Why none can be started here; null where one can. */
export const whyNoSshd = (): string | null => {
  if (!existsSync(server)) return 'openssh-server is not installed'
  return process.getuid?.() === 0 ? null : 'only root may start an SSH server'
}

export interface RunningSshd {
  readonly port: number
  readonly user: string
  readonly host: SshKeyPair
  readonly home: string
  /** Everybody out, as when the network breaks. */
  hangUp(): void
  /** Nobody in any more; who is in, stays. */
  close(): Promise<void>
  stop(): Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })

const listensOn = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => {
      socket.end()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
}

/** `more` are lines for its configuration. */
export const startSshd = async (
  login: SshKeyPair,
  host: SshKeyPair = newSshKeyPair('host'),
  more: readonly string[] = [],
): Promise<RunningSshd> => {
  const folder = mkdtempSync(join(tmpdir(), 'sshd-'))
  const home = join(folder, 'home')
  mkdirSync(home)
  mkdirSync('/run/sshd', { recursive: true })
  writeFileSync(join(folder, 'host'), host.privateKey, { mode: 0o600 })
  writeFileSync(join(folder, 'authorized'), `${login.publicKey}\n`)
  chmodSync(folder, 0o755)
  const port = await freePort()
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    `PidFile ${join(folder, 'pid')}`,
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    `Subsystem sftp internal-sftp -d ${home}`,
    ...more,
  ]
  writeFileSync(join(folder, 'config'), `${settings.join('\n')}\n`)
  const child: ChildProcess = spawn(server, ['-D', '-e', '-f', join(folder, 'config')], {
    stdio: 'ignore',
  })
  const inside = (): readonly string[] =>
    spawnSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' })
      .stdout.split(/\s+/)
      .filter((pid) => pid !== '')
  const orphans: string[] = []
  const hangUp = (): void => {
    for (const pid of [...inside(), ...orphans.splice(0)]) spawnSync('kill', [pid])
  }
  const close = async (): Promise<void> => {
    orphans.push(...inside())
    await ended(child)
  }
  const stop = async (): Promise<void> => {
    hangUp()
    await ended(child)
    rmSync(folder, { recursive: true, force: true })
  }
  await until(
    () => listensOn(port),
    (isThere) => isThere || child.exitCode !== null,
  )
  if (child.exitCode !== null) throw new Error(`sshd has ended with ${child.exitCode}`)
  return { port, user: userInfo().username, host, home, hangUp, close, stop }
}
