/**
 * The steps of the workflow that publish, run as they stand against a git repository of this machine:
 * everything but the installation and the clouds.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { makeCatalogFile } from '#catalog/fresh-file'
import { newPrivateKey, signerOf } from '#platform/signing'
import { anInstanceType, anOffer } from '../builders.ts'

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

const bash = (script: string, cwd: string, environment: Readonly<Record<string, string>> = {}) => {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${script}\nended with ${status}:\n${stdout}${stderr}`)
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

/** What a runner is: a clone, a home and a reader's home, all of them new. */
const runJob = (name: string, path: string, prices: (home: string) => void): string => {
  const job = join(root, name)
  mkdirSync(job)
  bash('git clone -q ../remote.git clone', job)
  const home = join(job, 'home')
  const environment = {
    PATH: `${path}:${process.env['PATH'] ?? ''}`,
    PUBLISHED: join(job, 'published'),
    PUBLIC_KEY: key,
    DSTACK_OFFERS_HOME: home,
    AFTER: '0',
  }
  const step = (step: string, over: Readonly<Record<string, string>> = {}): string =>
    bash(scriptOf(step), join(job, 'clone'), { ...environment, ...over })
  step('What was published last')
  prices(home)
  const signed = step('Sign', { DSTACK_OFFERS_SIGNING_KEY: pem })
  const asked = step('Pull it as anybody would, and ask it', {
    DSTACK_OFFERS_HOME: join(job, 'reader'),
  })
  expect(asked).toContain('examples/serve.dstack.yml')
  step('Publish')
  return signed
}

const someRunpod = (home: string): void => {
  mkdirSync(home, { recursive: true })
  const offer = anOffer({
    backend: 'runpod',
    instanceType: anInstanceType({ name: 'a new one' }),
    observation: { source: 'a test', observedAt: '2026-11-20T00:00:00Z' },
  })
  makeCatalogFile(join(home, 'catalog.sqlite'), [{ backend: 'runpod', offers: [offer], notes: [] }])
}

test.skipIf(spawnSync('git', ['--version']).error !== undefined)(
  'publishes, goes on from what was published, and leaves alone what has not changed (needs git)',
  { timeout: 180_000 },
  () => {
    const seed = join(root, 'seed')
    mkdirSync(join(seed, 'examples'), { recursive: true })
    writeFileSync(
      join(seed, 'examples', 'serve.dstack.yml'),
      readFileSync('examples/serve.dstack.yml'),
    )
    const who = '-c user.name=a -c user.email=a@example.com'
    bash(
      `git init -q -b main . && git add . && git ${who} commit -q -m seed && git clone -q --bare . ../remote.git`,
      seed,
    )
    const path = shimFolder()
    const commits = (): number =>
      Number(bash('git rev-list --count published', join(root, 'remote.git')))
    expect(runJob('first', path, () => undefined)).toContain('sequence 1 ·')
    expect(commits()).toBe(1)
    expect(runJob('second', path, someRunpod)).toMatch(/^runpod +changed +1 offer$/m)
    expect(commits()).toBe(2)
    // A runner without those prices has them from what was published.
    const third = runJob('third', path, () => undefined)
    expect(third).toMatch(/^runpod +unchanged +1 offer$/m)
    expect(third).toContain('sequence 2, as before')
    expect(commits()).toBe(2)
    const files = bash('git ls-tree -r --name-only published', join(root, 'remote.git'))
    expect(files).toMatch(/^\.nojekyll\nmanifest\.json\nsnapshots\/[0-9a-f]{64}\.json\n/)
  },
)
