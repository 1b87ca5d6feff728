/** Real engines of their own, in folders of their own; images are made here, without a registry. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Docker from 'dockerode'

export interface RunningEngine {
  readonly address: string
  readonly docker: Docker
  stop(): Promise<void>
}

const isInstalled = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** Why an engine cannot be tried here; null where it can. */
export const whyNot = (engine: 'docker' | 'podman'): string | null => {
  const needed = engine === 'docker' ? ['dockerd', 'iptables'] : ['podman', 'runc']
  const missing = [...needed, 'busybox'].filter((program) => !isInstalled(program))
  if (missing.length > 0) return `${missing.join(', ')} is not installed`
  return process.getuid?.() === 0 ? null : 'only root may start an engine'
}

const answers = async (ask: () => Promise<unknown>, tries = 200): Promise<void> => {
  for (let left = tries; ; left--) {
    try {
      await ask()
      return
    } catch (error) {
      if (left === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await exit
}

/**
 * A network of its own: engines side by side give the first container the same address, and on one
 * bridge the answer may come from the other's. Empty where it cannot be made.
 */
const newBridge = (): string => {
  const [first, second, third, ...rest] = randomBytes(6)
  const name = `dso${Buffer.from(rest).toString('hex')}${first?.toString(16)}`
  const address = `10.${100 + ((second ?? 0) % 100)}.${third}.1/24`
  const made = spawnSync('sh', [
    '-c',
    'ip link add "$0" type bridge && ip addr add "$1" dev "$0" && ip link set "$0" up',
    name,
    address,
  ])
  return made.status === 0 ? name : ''
}

const podmanSettings = `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
`

const commandOf = (engine: 'docker' | 'podman', folder: string, socket: string): string[] =>
  engine === 'docker'
    ? [
        'dockerd',
        '-H',
        socket,
        '--data-root',
        join(folder, 'data'),
        '--exec-root',
        join(folder, 'exec'),
        '-p',
        join(folder, 'pid'),
      ]
    : [
        'podman',
        '--root',
        join(folder, 'data'),
        '--runroot',
        join(folder, 'run'),
        'system',
        'service',
        '--time=0',
        socket,
      ]

/** `more` are words for the engine's own command. */
export const startEngine = async (
  engine: 'docker' | 'podman',
  more: readonly string[] = [],
): Promise<RunningEngine> => {
  const folder = mkdtempSync(join(tmpdir(), `${engine}-`))
  const path = join(folder, 'engine.sock')
  writeFileSync(join(folder, 'containers.conf'), podmanSettings)
  const [program = '', ...rest] = commandOf(engine, folder, `unix://${path}`)
  const bridge = engine === 'docker' ? newBridge() : ''
  const network = bridge === '' ? [] : ['--bridge', bridge]
  const child = spawn(program, [...rest, ...network, ...more], {
    stdio: 'ignore',
    env: { ...process.env, CONTAINERS_CONF: join(folder, 'containers.conf') },
  })
  const docker = new Docker({ socketPath: path })
  const stop = async (): Promise<void> => {
    for (const { Id } of await docker.listContainers({ all: true }).catch(() => [])) {
      await docker
        .getContainer(Id)
        .remove({ force: true, v: true })
        .catch(() => undefined)
    }
    await ended(child, 'SIGTERM')
    spawnSync('sh', [
      '-c',
      `for m in $(grep -o "${folder}[^ ]*" /proc/mounts | sort -r); do umount -l $m; done`,
    ])
    if (bridge !== '') spawnSync('sh', ['-c', 'ip link del "$0"', bridge])
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await answers(() => docker.ping())
  } catch (error) {
    await stop()
    throw error
  }
  return { address: `unix://${path}`, docker, stop }
}

const librariesOf = (program: string): readonly string[] =>
  (
    spawnSync('sh', ['-c', 'ldd "$0"', program], { encoding: 'utf8' }).stdout.match(/\/[^\s)]+/g) ??
    []
  ).filter((one) => existsSync(one))

/** busybox alone, or with the Node of this machine and its libraries. */
export const importImage = async (
  docker: Docker,
  name: string,
  withNode: boolean,
): Promise<void> => {
  const root = mkdtempSync(join(tmpdir(), 'rootfs-'))
  for (const directory of ['bin', 'tmp', 'root', 'etc']) mkdirSync(join(root, directory))
  cpSync('/bin/busybox', join(root, 'bin/busybox'))
  for (const tool of ['sh', 'cat', 'sleep', 'env', 'ls', 'df', 'httpd', 'nc', 'id', 'pwd', 'dd']) {
    spawnSync('ln', ['-s', 'busybox', join(root, 'bin', tool)])
  }
  // busybox has no bash; what is run here needs none of its ways.
  writeFileSync(join(root, 'bin/bash'), '#!/bin/sh\nexec sh "$@"\n', { mode: 0o755 })
  if (withNode) {
    for (const file of [process.execPath, ...librariesOf(process.execPath)]) {
      const target = file === process.execPath ? '/bin/node' : file
      mkdirSync(dirname(join(root, target)), { recursive: true })
      cpSync(file, join(root, target), { dereference: true })
    }
  }
  const tar = spawn('tar', ['-C', root, '-c', '.'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const stream = await docker.importImage(tar.stdout, { changes: ['ENV PATH=/bin'] })
  const lines = await new Promise<readonly { status?: string }[]>((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null, all: { status?: string }[]) =>
      error ? reject(error) : resolve(all),
    )
  })
  rmSync(root, { recursive: true })
  const id = lines.at(-1)?.status ?? ''
  const [repo, tag] = name.split(/:(?=[^/:]*$)/)
  // Podman's import ignores the name.
  await docker.getImage(id).tag({ repo: repo ?? name, tag: tag ?? 'latest' })
}
