/** A refresh where the optional client of clusters is not installed: bundled, among the packages that are. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-without-'))
const script = join(folder, 'refresh.mjs')

/** What is run there: one refresh, and what it tells. */
const source = `
  import { kubernetes } from '#backends/kubernetes/backend'
  import { refresh } from '#refresh/refresh'
  import { outcomeOf } from '#refresh/report'
  const report = await refresh({ backends: [kubernetes], environment: process.env })
  const outcomes = [outcomeOf(report, false), outcomeOf(report, true)]
  console.log(JSON.stringify({ ...report.backends[0], outcomes }))
`

beforeAll(async () => {
  const packages = join(folder, 'node_modules')
  mkdirSync(packages)
  for (const name of readdirSync(fromRoot('node_modules'))) {
    if (name === '@kubernetes') continue
    symlinkSync(join(fromRoot('node_modules'), name), join(packages, name))
  }
  await build({
    stdin: { contents: source, resolveDir: fromRoot('test/refresh'), loader: 'ts' },
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    conditions: ['source'],
    logLevel: 'error',
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('an optional package that is not installed skips its backend, and is named', () => {
  const environment = { DSTACK_OFFERS_HOME: folder, KUBECONFIG: join(folder, 'config') }
  const told: unknown = JSON.parse(
    execFileSync(process.execPath, [script], { env: environment, encoding: 'utf8' }),
  )
  expect(told).toMatchObject({
    backend: 'kubernetes',
    state: 'skipped',
    changes: null,
    why: ['missing package "@kubernetes/client-node"'],
    problem: { code: 'package-missing', hint: 'npm install @kubernetes/client-node@1' },
    outcomes: ['done', 'credentials'],
  })
})
