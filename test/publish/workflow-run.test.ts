/**
 * The steps of the workflow that publish, run as they stand and in their order, against a git repository
 * and sources of prices on this machine: everything but the installation.
 */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { endpointVariable } from '#backends/kit/endpoint'
import { newPrivateKey, signerOf } from '#platform/signing'
import { azureCase } from '../backends/azure/azure-case.ts'
import { cloudriftCase } from '../backends/cloudrift/cloudrift-case.ts'
import { linodeCase } from '../backends/linode/linode-case.ts'
import { ociCase } from '../backends/oci/oci-case.ts'
import { ovhCase } from '../backends/ovh/ovh-case.ts'
import { runpodCase } from '../backends/runpod/runpod-case.ts'
import { scalewayCase } from '../backends/scaleway/scaleway-case.ts'
import { vastaiCase } from '../backends/vastai/vastai-case.ts'
import { vultrCase } from '../backends/vultr/vultr-case.ts'
import { euroRatesReply } from '../contract/euro-rates.ts'
import type { ImporterCase } from '../contract/importer-case.ts'
import { goodReply, wire } from '../contract/run-importer.ts'
import { type Asked, type Reply, startServer } from '../contract/scripted-server.ts'

interface Step {
  readonly name?: string
  readonly run?: string
}

const { jobs } = parse(readFileSync('.github/workflows/refresh.yml', 'utf8')) as {
  readonly jobs: { readonly publish: { readonly steps: readonly Step[] } }
}

const scriptOf = (name: string): string => {
  const found = jobs.publish.steps.find((step) => step.name === name)?.run
  if (found === undefined) throw new Error(`no step "${name}"`)
  return found
}

const pem = newPrivateKey()
const key = signerOf(pem)?.publicKey ?? ''

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dstack-offers-workflow-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The sources of prices are in this process, and must go on answering. */
const shell = (
  script: string,
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> =>
  new Promise((resolveEnd, fail) => {
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', fail)
    child.on('close', (status) => resolveEnd({ status, stdout, stderr }))
  })

const bash = async (...given: Parameters<typeof shell>): Promise<string> => {
  const { status, stdout, stderr } = await shell(...given)
  if (status !== 0) throw new Error(`${given[0]}\nended with ${status}:\n${stdout}${stderr}`)
  return stdout
}

/** `npx dstack-offers` runs the sources. */
const shimFolder = (): string => {
  const folder = join(root, 'bin')
  mkdirSync(folder)
  const loader = resolve('node_modules/tsx/dist/loader.mjs')
  const main = resolve('src/cli/main.ts')
  const script = `#!/bin/sh\nshift\nexec '${process.execPath}' --import '${loader}' -C source '${main}' "$@"\n`
  writeFileSync(join(folder, 'npx'), script)
  chmodSync(join(folder, 'npx'), 0o755)
  return folder
}

const cases: readonly ImporterCase[] = [
  azureCase,
  cloudriftCase,
  linodeCase,
  ociCase,
  ovhCase,
  runpodCase,
  scalewayCase,
  vastaiCase,
  vultrCase,
]

const today = (): string => new Date().toISOString().slice(0, 10)

interface Sources {
  readonly environment: Readonly<Record<string, string>>
  /** Backends whose source fails from now on. */
  readonly failing: Set<string>
  /** Backends that sell less from now on. */
  readonly shorter: Set<string>
  end(): Promise<void>
}

/** The good world without its first row. */
const shorterReply = (one: ImporterCase, asked: Asked): Reply => {
  const answer: unknown = structuredClone(one.world(asked))
  one.rowsOf(answer)?.shift()
  return wire(one, answer, asked)
}

const startSources = async (): Promise<Sources> => {
  const failing = new Set<string>()
  const shorter = new Set<string>()
  const servers = await Promise.all(
    cases.map(async (one) => {
      const { name } = one.backend
      const server = await startServer((asked) => {
        if (failing.has(name)) return { status: 404, body: 'gone' }
        return shorter.has(name) ? shorterReply(one, asked) : goodReply(one, asked)
      })
      return [endpointVariable(name), server] as const
    }),
  )
  const rates = await startServer(() => euroRatesReply(today(), '1.0832'))
  const all = [...servers, [endpointVariable('ecb'), rates] as const]
  return {
    failing,
    shorter,
    environment: Object.fromEntries(all.map(([name, { url }]) => [name, url])),
    end: async () => {
      for (const [, server] of all) await server.close()
    },
  }
}

interface Job {
  readonly prices: Ended
  readonly signed: string
}

/** What a runner is: a clone, a home and a reader's home, all of them new. */
const runJob = async (name: string, path: string, sources: Sources): Promise<Job> => {
  const job = join(root, name)
  mkdirSync(join(job, 'home'), { recursive: true })
  // The recorded list is a small part of what the program comes with.
  const settings = 'backends: { azure: { bounds: { first_lost: 1 } } }\n'
  writeFileSync(join(job, 'home', 'refresh.yml'), settings)
  await bash('git clone -q ../remote.git clone', job)
  const environment = {
    ...sources.environment,
    PATH: `${path}:${process.env['PATH'] ?? ''}`,
    PUBLISHED: join(job, 'published'),
    PUBLIC_KEY: key,
    DSTACK_OFFERS_HOME: join(job, 'home'),
    AFTER: '0',
  }
  const step = (step: string, over: Readonly<Record<string, string>> = {}): Promise<string> =>
    bash(scriptOf(step), join(job, 'clone'), { ...environment, ...over })
  await step('What was published last')
  const prices = await shell(
    scriptOf('Current prices of what needs no account'),
    join(job, 'clone'),
    environment,
  )
  const signed = await step('Sign', { DSTACK_OFFERS_SIGNING_KEY: pem })
  const asked = await step('Pull it as anybody would, and ask it', {
    DSTACK_OFFERS_HOME: join(job, 'reader'),
  })
  expect(asked).toContain('examples/serve.dstack.yml')
  await step('Publish')
  return { prices, signed }
}

test.skipIf(spawnSync('git', ['--version']).error !== undefined)(
  'publishes, goes on from what was published, and leaves alone what has not changed (needs git)',
  { timeout: 180_000 },
  async () => {
    const seed = join(root, 'seed')
    mkdirSync(join(seed, 'examples'), { recursive: true })
    writeFileSync(
      join(seed, 'examples', 'serve.dstack.yml'),
      readFileSync('examples/serve.dstack.yml'),
    )
    const who = '-c user.name=a -c user.email=a@example.com'
    await bash(
      `git init -q -b main . && git add . && git ${who} commit -q -m seed && git clone -q --bare . ../remote.git`,
      seed,
    )
    const path = shimFolder()
    const commits = async (): Promise<number> =>
      Number(await bash('git rev-list --count published', join(root, 'remote.git')))
    const sources = await startSources()
    try {
      const first = await runJob('first', path, sources)
      expect([first.prices.status, first.prices.stderr]).toEqual([0, expect.any(String)])
      expect(first.prices.stdout.match(/^\w+ +refreshed/gm)).toHaveLength(cases.length)
      expect(first.signed).toContain('sequence 1 ·')
      expect(await commits()).toBe(1)
      // A source that is gone fails its step; what was published of it stays, and the others go on.
      sources.failing.add('vastai')
      sources.shorter.add('cloudrift')
      const second = await runJob('second', path, sources)
      expect(second.prices.status).toBe(5)
      expect(second.prices.stdout).toMatch(/^vastai +failed/m)
      expect(second.prices.stdout).toMatch(/^cloudrift +refreshed .* [1-9]\d* gone/m)
      expect(second.signed).toMatch(/^vastai +unchanged/m)
      expect(second.signed).toMatch(/^cloudrift +changed/m)
      expect(await commits()).toBe(2)
      const third = await runJob('third', path, sources)
      expect(third.signed).toContain('sequence 2, as before')
      expect(await commits()).toBe(2)
    } finally {
      await sources.end()
    }
    const files = await bash('git ls-tree -r --name-only published', join(root, 'remote.git'))
    expect(files).toMatch(/^\.nojekyll\nmanifest\.json\nsnapshots\/[0-9a-f]{64}\.json\n/)
  },
)
