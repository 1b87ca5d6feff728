import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { version } from '#domain/version'
import packageJson from '../../package.json' with { type: 'json' }
import { programFolder, runShell } from './process.ts'

const path = programFolder()
const shell = (script: string) => runShell('bash', script, { path })

test('the version is that of the package', () => {
  expect(version).toBe(packageJson.version)
  expect(shell('dstack-offers --version').stdout).toBe(`${version}\n`)
})

test('wrong input ends with 2, one line and a hint, and nothing on standard output', () => {
  const { status, stdout, stderr } = shell('dstack-offers --gqu A100')
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: "error: unknown option '--gqu'\nhint: did you mean --gpu?\n",
  })
})

test('a reader that goes away is no error', () => {
  const { stdout, stderr } = shell('dstack-offers schema offers | head -1; echo "${PIPESTATUS[0]}"')
  expect(stdout).toBe('{\n0\n')
  expect(stderr).toBe('')
})

test('a slow reader gets everything', () => {
  const { stdout } = shell('dstack-offers schema offers | (sleep 0.5; cat) | tail -1')
  expect(stdout).toBe('}\n')
})

test('a bug is reported as one, without a stack unless asked for', () => {
  writeFileSync(
    join(path, 'spoil.mjs'),
    'Object.defineProperty(Array.prototype, "findLastIndex", { value: () => { throw new Error("spoiled") } })',
  )
  const spoiled = (before: string) =>
    shell(`${before} NODE_OPTIONS="--import ${join(path, 'spoil.mjs')}" dstack-offers --help`)
  const { status, stderr } = spoiled('')
  expect(status).toBe(1)
  expect(stderr).toMatch(/^internal error: spoiled\nThis is a bug in dstack-offers/)
  expect(stderr).not.toContain('    at ')
  expect(spoiled('DSTACK_OFFERS_DEBUG=1').stderr).toContain('    at ')
})

test('an interrupt ends the process by its signal, 130 to a shell, also while it waits for input', async () => {
  const child = spawn(join(path, 'dstack-offers'), ['-'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = once(child, 'exit')
  await setTimeout(1500)
  child.kill('SIGINT')
  expect(await ended).toEqual([null, 'SIGINT'])
})
