/** A real registry that lets one user in, behind a gate that holds layers up for as long as it is shut. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const login = { username: 'puller', password: 'canary-of-a-password' }

/** bcrypt of the password, as `htpasswd -nbBC 5` makes it. */
const users = 'puller:$2y$05$3Yf89KoqvBTaaf4c8Fg2t.5l1wQyvW5N4wrJfgF40HG2A4ZZ876Iq\n'

const program = '/usr/bin/docker-registry'

/** Why none can be started here; null where one can. */
export const whyNoRegistry = (): string | null =>
  existsSync(program) ? null : `${program} is not there`

export interface RunningRegistry {
  /** As it stands in names of images. */
  readonly host: string
  shut(): void
  open(): void
  /** How often a layer has been asked for while it was shut. */
  held(): number
  stop(): Promise<void>
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createTcpServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

const settings = (port: number, folder: string): string =>
  JSON.stringify({
    version: '0.1',
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: `127.0.0.1:${port}` },
    auth: { htpasswd: { realm: 'test', path: join(folder, 'users') } },
  })

const newGate = async (port: number) => {
  const waiting = new Set<() => void>()
  let isShut = false
  let held = 0
  const server = createServer(async (asked, response) => {
    if (isShut && asked.method === 'GET' && asked.url?.includes('/blobs/')) {
      held += 1
      await new Promise<void>((resolve) => waiting.add(resolve))
    }
    const { method, url: path, headers } = asked
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const open = (): void => {
    isShut = false
    for (const go of waiting) go()
    waiting.clear()
  }
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    shut: () => {
      held = 0
      isShut = true
    },
    open,
    held: () => held,
    close: () => {
      open()
      server.closeAllConnections()
      server.close()
    },
  }
}

const answers = async (port: number, child: ChildProcess): Promise<void> => {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => null)
    if (answer?.status === 401) return
    if (child.exitCode !== null) throw new Error(`the registry has ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export const startRegistry = async (): Promise<RunningRegistry> => {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'))
  const port = await freePort()
  writeFileSync(join(folder, 'users'), users)
  writeFileSync(join(folder, 'config.yml'), settings(port, folder))
  const child = spawn(program, ['serve', join(folder, 'config.yml')], { stdio: 'ignore' })
  await answers(port, child)
  const { close, ...gate } = await newGate(port)
  return {
    ...gate,
    stop: async () => {
      close()
      const exit = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null && child.kill()) await exit
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
