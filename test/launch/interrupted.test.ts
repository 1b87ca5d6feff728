/** Runs that are told to end while they begin: on this machine, and in a real engine. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it, type TestContext, vi } from 'vitest'
import { importImage, type RunningEngine, startEngine, whyNot } from '../backends/docker/engines.ts'
import { newPlayground } from '../cli/commands/processes.ts'

const server = `require('node:http').createServer((_, response) => response.end('hello')).listen(Number(process.env.PORT))`

const configuration = (image: string, port: number): string => `type: service
${image}commands:
  - >-
    node -e "${server}"
port: ${port}
resources:
  cpu: 1..
  memory: 0.5GB..
  disk: 50GB..
`

/** What it has said by then, and how it is told. */
const moments = [
  ['once its plan is shown', 18_535, /^1 {2}/m, 'SIGINT'],
  ['once its first attempt is told', 18_533, /^attempt 1 /m, 'SIGTERM'],
  ['once it runs', 18_534, /^brief {2}running/m, 'SIGINT'],
] as const

interface Interrupted {
  readonly backend: string
  readonly image: string
  /** No two at once have the same. */
  readonly port: number
  readonly said: RegExp
  readonly signal: NodeJS.Signals
}

/** Returns its home, where nothing is in the books any more. */
const interrupt = async (
  { backend, image, port, said, signal }: Interrupted,
  { expect, onTestFinished }: Pick<TestContext, 'expect' | 'onTestFinished'>,
): Promise<string> => {
  const playground = newPlayground()
  onTestFinished(() => playground.close())
  const file = join(playground.folder, 'brief.dstack.yml')
  writeFileSync(file, configuration(image, port))
  const words = ['run', file, '-b', backend, '--name', 'brief', '-y', '--no-overlay', '--no-files']
  const run = playground.start(words)
  await run.until(said)
  run.child.kill(signal)
  const { code, text } = await run.ended
  // Null where the signal came before the run was in the books, and simply ended the process.
  if (code !== null || text.includes('stopping')) {
    expect(text).toMatch(/^brief {2}terminated {2}stopped-by-user$/m)
    expect(code).toBe(0)
  }
  expect((await playground.said('ps')).text).toBe('No runs.\n')
  expect((await playground.said('pool', 'list')).text).toBe('No machines.\n')
  return playground.home
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Process groups that `local` has started and not ended. */
const localProcesses = (home: string): readonly number[] => {
  const machines = join(home, 'local', 'machines')
  if (!existsSync(machines)) return []
  return readdirSync(machines)
    .map((name) => join(machines, name, 'supervisor.json'))
    .filter((path) => existsSync(path))
    .map((path) => Number(/"pid":\s*(\d+)/.exec(readFileSync(path, 'utf8'))?.[1]))
    .filter(isAlive)
}

describe('local', () => {
  for (const [when, port, said, signal] of moments) {
    it.concurrent(`ended ${when}, it leaves nothing`, async ({ expect, onTestFinished }) => {
      const home = await interrupt(
        { backend: 'local', image: '', port, said, signal },
        { expect, onTestFinished },
      )
      expect(localProcesses(home)).toEqual([])
    }, 120_000)
  }
})

const why = whyNot('docker')
if (why !== null) console.log(`skipped: interrupted in docker: ${why}`)

describe.skipIf(why !== null)('docker', () => {
  let engine: RunningEngine

  beforeAll(async () => {
    engine = await startEngine('docker')
    vi.stubEnv('DOCKER_HOST', engine.address)
    await importImage(engine.docker, 'localhost/node:1', true)
  }, 120_000)
  afterAll(async () => {
    vi.unstubAllEnvs()
    await engine?.stop()
  }, 60_000)

  for (const [when, port, said, signal] of moments) {
    it(`ended ${when}, it leaves nothing`, async ({ expect, onTestFinished }) => {
      const image = 'image: localhost/node:1\n'
      await interrupt({ backend: 'docker', image, port, said, signal }, { expect, onTestFinished })
      expect(await engine.docker.listContainers({ all: true })).toEqual([])
    }, 120_000)
  }
})
