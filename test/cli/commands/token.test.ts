/** `token` as a user types it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import { noonMs } from '../builders.ts'
import { run } from '../world.ts'

const newHome = ({ onTestFinished }: TestContext) => {
  const home = mkdtempSync(join(tmpdir(), 'token-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return {
    home,
    say: (...words: readonly string[]) =>
      run(['token', ...words], { environment: { DSTACK_OFFERS_HOME: home, NO_COLOR: '1' } }),
  }
}

test('made and printed once, listed without its text, and revoked', async (context) => {
  const { say } = newHome(context)
  const made = await say('create', 'ci', '--run', 'chat', '--run', 'embed', '--expires', '30d')
  expect(made.code).toBe(0)
  expect(made.stdout).toMatch(/^dso_[A-Za-z0-9_-]{43}\n$/)
  expect(made.stderr).toContain('note: token "ci" is shown this once')

  const listed = await say('list')
  expect(listed.stdout).toMatch(/^ci {2}|\bci\b.*chat embed.*active/m)
  expect(listed.stdout).not.toContain(made.stdout.trim().slice(4))
  const { tokens } = JSON.parse((await say('list', '-o', 'json')).stdout) as { tokens: unknown[] }
  expect(tokens).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-z]{8}$/) as string,
      name: 'ci',
      status: 'active',
      runs: ['chat', 'embed'],
      created_at: new Date(noonMs).toISOString().replace('.000', ''),
      expires_at: new Date(noonMs + 30 * 86_400_000).toISOString().replace('.000', ''),
      revoked_at: null,
      last_used_on: null,
    },
  ])

  expect((await say('revoke', 'ci')).stdout).toMatch(/^token ci \([0-9a-z]{8}\) is revoked\n$/)
  expect((await say('list')).stdout).toBe('No tokens.\n')
  expect((await say('list', '-a')).stdout).toContain('revoked')
  expect(await say('revoke', 'ci')).toMatchObject({ code: 2, stdout: '' })
})

test('as JSON, quietly, and in another folder', async (context) => {
  const { home, say } = newHome(context)
  const elsewhere = ['--data', join(home, 'elsewhere')]
  const made = await say('create', '-q', '-o', 'json', ...elsewhere)
  expect(made.stderr).toBe('')
  const { id, name, token } = JSON.parse(made.stdout) as Record<string, unknown>
  expect(name).toBe(id)
  expect(token).toMatch(/^dso_/)
  expect((await say('list')).stdout).toBe('No tokens.\n')
  expect((await say('list', ...elsewhere)).stdout).toContain(String(id))
})

test.each([
  [['create', 'a b'], '"a b" is no name for a token'],
  [['create', '--run', 'Chat'], '"Chat" is no name for a run'],
  [['create', '--expires', 'soon'], '"soon" is no duration'],
  [['create', '--expires', '0'], 'expired already'],
  [['revoke', 'nobody'], 'there is no token "nobody"'],
])('refused: token %s', async (words, message) => {
  const home = mkdtempSync(join(tmpdir(), 'token-'))
  const refused = await run(['token', ...words], { environment: { DSTACK_OFFERS_HOME: home } })
  rmSync(home, { recursive: true, force: true })
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain(message)
})
