/** The workflows: they parse, run only commands that there are, pin what they use, and keep secrets in. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { backends } from '#backends/registry'
import { run } from '../cli/world.ts'

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

interface Workflow {
  readonly name: string
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions: unknown
  readonly jobs: Readonly<
    Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>
  >
}

const folder = '.github/workflows'

const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8')

const read = (name: string): Workflow => {
  const document = parseDocument(textOf(name), { version: '1.2' })
  expect([...document.errors, ...document.warnings]).toEqual([])
  return document.toJS() as Workflow
}

const stepsOf = (name: string): readonly Step[] =>
  Object.values(read(name).jobs).flatMap(({ steps }) => steps)

const workflows = readdirSync(folder)

describe.each(workflows)('%s', (name) => {
  test('may by itself do no more than read', () => {
    expect(read(name).permissions).toEqual({ contents: 'read' })
  })

  test('uses actions by commit alone', () => {
    const used = stepsOf(name).flatMap(({ uses }) => uses ?? [])
    expect(used.filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([])
  })

  test('runs what a shell can read', () => {
    for (const { run: script } of stepsOf(name)) {
      if (script === undefined) continue
      // Nothing of the outside is pasted into a script.
      expect(script).not.toContain('${{')
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })
      expect([status, stderr]).toEqual([0, ''])
    }
  })
})

describe('refresh.yml', () => {
  const commands = stepsOf('refresh.yml').flatMap(({ run: script = '' }) =>
    [...script.matchAll(/npx dstack-offers (catalog \w+)([^\n]*)/g)].map(
      ([, command = '', rest = '']) => ({ command, rest }),
    ),
  )

  test('refreshes, signs, and pulls what it has signed', () => {
    expect(read('refresh.yml').on).toMatchObject({ schedule: [{ cron: '17 */6 * * *' }] })
    expect(commands.map(({ command }) => command)).toEqual([
      'catalog pull',
      'catalog refresh',
      'catalog export',
      'catalog pull',
    ])
  })

  test.each(commands)('$command $rest: there is such a command with such flags', async (given) => {
    const { stdout } = await run([...given.command.split(' '), '--help'])
    for (const [flag] of given.rest.matchAll(/(?<= )--?[a-z][a-z-]*/g)) {
      expect(stdout).toMatch(new RegExp(`${flag}[ ,]`))
    }
  })

  test('asks all that need no account, but for lists too long and clouds that do not answer', async () => {
    const all = await Promise.all(
      backends.map(async (one) => ({ name: one.name, ...(await one.importer()).traits })),
    )
    const open = all.filter(({ credentials }) => credentials !== 'required')
    const leftOut = new Set(['aws', 'cudo', 'tensordock'])
    const asked = commands.find(({ command }) => command === 'catalog refresh')?.rest ?? ''
    expect([...asked.matchAll(/-b (\w+)/g)].map(([, name]) => name)).toEqual(
      open.map(({ name }) => name).filter((name) => !leftOut.has(name)),
    )
  })

  test('gives the key to one step, and writes with one job', () => {
    const secret = 'secrets.DSTACK_OFFERS_SIGNING_KEY'
    const holders = stepsOf('refresh.yml').filter((step) => JSON.stringify(step).includes(secret))
    expect(holders.map(({ name }) => name)).toEqual(['Sign'])
    expect(textOf('refresh.yml').split('secrets.').length).toBe(2)
    expect(textOf('refresh.yml').split('contents: write').length).toBe(2)
  })
})
