/** The server as a process of its own, in a folder of its own, and all that it started. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** What it wrote, on either stream. */
  readonly text: string
}

export interface ServerUnderTest {
  readonly url: string
  readonly port: number
  /** Null where it is not the first start of the folder. */
  readonly token: string | null
  readonly tookMs: number
  /** What it has written so far. */
  readonly text: () => string
  readonly ended: Promise<Ending>
  signal(signal: NodeJS.Signals): void
}

export interface Stand {
  readonly folder: string
  write(name: string, text: string): string
  server(...words: readonly string[]): Promise<ServerUnderTest>
  /** What a command prints; rejects where its exit code is not 0. */
  command(...words: readonly string[]): Promise<string>
  /** Leaves a run to the server. */
  run(name: string, configuration: string, ...words: readonly string[]): Promise<void>
  /** Names of the processes that were ever made for runs, and are not forgotten. */
  machines(): readonly string[]
  end(): Promise<void>
}

/** The source, unless a variable names the program that was built of it. */
const built = process.env['SERVING_PROGRAM']
const program = built ? [built] : ['--import', 'tsx', '-C', 'source', 'src/cli/main.ts']

export const pause = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs)
  })

/** Until it is so; rejects with what was seen last. */
export const until = async <T>(
  look: () => Promise<T> | T,
  isSo: (seen: T) => boolean,
  withinMs: number,
): Promise<T> => {
  const lateMs = performance.now() + withinMs
  for (;;) {
    const seen = await look()
    if (isSo(seen)) return seen
    if (performance.now() > lateMs) throw new Error(`not within ${withinMs} ms: ${String(seen)}`)
    await pause(50)
  }
}

const endingOf = (child: ChildProcess, text: () => string): Promise<Ending> =>
  new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, text: text() }))
  })

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ending>
  readonly text: () => string
}

const start = (words: readonly string[], environment: NodeJS.ProcessEnv): Started => {
  const child = spawn(process.execPath, [...program, ...words], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  }
  return { child, ended: endingOf(child, () => text), text: () => text }
}

const supervisorOf = (folder: string): number | null => {
  const file = join(folder, 'supervisor.json')
  if (!existsSync(file)) return null
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const isNamed = typeof value === 'object' && value !== null && 'pid' in value
  return isNamed && typeof value.pid === 'number' ? value.pid : null
}

const endGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** The server looks into the books some twenty times a second, where it is not kept from it. */
const bookReadMs = 500

const commonWords = ['--no-overlay']

export const newStand = (more: NodeJS.ProcessEnv = {}): Stand => {
  const folder = mkdtempSync(join(tmpdir(), 'serving-'))
  const home = join(folder, 'home')
  const machinesFolder = join(home, 'local', 'machines')
  const environment: NodeJS.ProcessEnv = {
    DSTACK_OFFERS_HOME: home,
    DSTACK_OFFERS_LOCAL_RUNTIME: 'process',
    ...more,
  }
  const all: Started[] = []
  const started = (words: readonly string[]): Started => {
    const one = start(words, environment)
    all.push(one)
    return one
  }
  const machines = () => (existsSync(machinesFolder) ? readdirSync(machinesFolder) : [])
  const write = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const command = async (...words: readonly string[]): Promise<string> => {
    const { code, text } = await started(words).ended
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${String(code)}: ${text}`)
    return text
  }
  return {
    folder,
    write,
    command,
    machines,
    server: async (...words) => {
      const beganMs = performance.now()
      const { child, ended, text } = started(['server', '--port', '0', ...commonWords, ...words])
      const isUp = () => child.exitCode !== null || /"msg":"listening"/.test(text())
      await until(isUp, Boolean, 30_000)
      const url = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text())
      if (url === null) throw new Error(`the server is not up: ${text()}`)
      return {
        url: url[0],
        port: Number(url[1]),
        token: /^token +(\S+)/m.exec(text())?.[1] ?? null,
        tookMs: performance.now() - beganMs,
        text,
        ended,
        signal: (signal) => void child.kill(signal),
      }
    },
    run: async (name, configuration, ...words) => {
      const file = write(`${name}.dstack.yml`, configuration)
      const given = ['-d', '-y', '--no-files', '--name', name, ...commonWords, ...words]
      await command('run', file, ...given)
      await pause(bookReadMs)
    },
    end: async () => {
      for (const { child } of all) child.kill('SIGKILL')
      await Promise.all(all.map(({ ended }) => ended))
      for (const name of machines()) {
        const pid = supervisorOf(join(machinesFolder, name))
        if (pid !== null) endGroup(pid)
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
