/** Tokens over a real file: what is kept, who is let in, and how soon a revocation is felt. */
import { spawnSync } from 'node:child_process'
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test, type TestContext } from 'vitest'
import { ArgumentError, StateUnreadableError } from '#domain/errors'
import { openSqlite } from '#platform/sqlite'
import { newIdentify } from '#tokens/identify'
import { openTokens } from '#tokens/tokens'
import { busyTimeoutMs } from '#tokens/tokens-file'

const dayMs = 24 * 60 * 60 * 1000
const noonMs = Date.parse('2026-11-24T12:00:00Z')

const newHome = ({ onTestFinished }: TestContext) => {
  const home = mkdtempSync(join(tmpdir(), 'tokens-'))
  const clock = { nowMs: noonMs }
  const opened: { close(): void }[] = []
  onTestFinished(() => {
    for (const one of opened) one.close()
    rmSync(home, { recursive: true, force: true })
  })
  const open = () => {
    const tokens = openTokens({ DSTACK_OFFERS_HOME: home }, () => clock.nowMs)
    opened.push(tokens)
    return tokens
  }
  return { home, clock, open, file: join(home, 'tokens.sqlite') }
}

const anything = { name: null, runs: null, expiresMs: null }

test('the text is nowhere in the data folder, and nobody else reads the file', (context) => {
  const { home, open } = newHome(context)
  const { text } = open().create(anything)
  expect(text).toMatch(/^dso_[A-Za-z0-9_-]{43}$/)
  const files = readdirSync(home).map((name) => join(home, name))
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    expect(statSync(file).mode & 0o077, file).toBe(0)
    const bytes = readFileSync(file)
    expect(bytes.includes(text.slice(4)), file).toBe(false)
    expect(bytes.includes(Buffer.from(text.slice(4), 'base64url')), file).toBe(false)
  }
})

test('the first token of a folder is made once, by one of many processes', (context) => {
  const { open } = newHome(context)
  const [one, other] = [open(), open()]
  const admin = one.ensureAdminToken()
  expect(admin?.token).toMatchObject({ name: 'admin', runs: null, expiresMs: null })
  expect(other.ensureAdminToken()).toBe(null)
  other.revoke('admin')
  expect(one.ensureAdminToken(), 'no way back in but by the command').toBe(null)
})

test('a header is read strictly', (context) => {
  const { open } = newHome(context)
  const tokens = open()
  const { text, token } = tokens.create(anything)
  const identify = newIdentify(tokens)
  const good = [`Bearer ${text}`, `bearer ${text}`, `BEARER   ${text}`]
  for (const header of good) expect(identify(header)?.tokenId, header).toBe(token.id)
  const bad = [
    undefined,
    '',
    text,
    `Bearer${text}`,
    `Bearer\t${text}`,
    ` Bearer ${text}`,
    `Bearer ${text} `,
    `Bearer ${text}, Bearer ${text}`,
    `Bearer ${text}\n`,
    `Bearer ${text.slice(0, -1)}`,
    `Bearer ${text}=`,
    `Bearer ${text.slice(4)}`,
    `Bearer ${text.toUpperCase()}`,
    `Basic ${text}`,
    `Bearer dso_${'A'.repeat(43)}`,
  ]
  for (const header of bad) expect(identify(header), header).toBe(null)
})

test('no header but that of a token in force lets anybody in', (context) => {
  const { open } = newHome(context)
  const tokens = open()
  const { text } = tokens.create(anything)
  const identify = newIdentify(tokens)
  const near = fc
    .tuple(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }))
    .map(([at, sign]) => `Bearer ${text.slice(0, at)}${sign}${text.slice(at + 1)}`)
  fc.assert(
    fc.property(fc.oneof(fc.string(), near), (header) => {
      expect(identify(header) === null).toBe(header !== `Bearer ${text}`)
    }),
    { numRuns: 500 },
  )
})

test('a token for named runs uses no other', (context) => {
  const { open } = newHome(context)
  const tokens = open()
  const named = tokens.create({ ...anything, runs: ['chat', 'embed'] })
  const all = tokens.create(anything)
  const identify = newIdentify(tokens)
  const uses = (text: string) =>
    ['chat', 'embed', 'other', 'Chat', ''].map((run) => identify(`Bearer ${text}`)?.mayUse(run))
  expect(uses(named.text)).toEqual([true, true, false, false, false])
  expect(uses(all.text)).toEqual([true, true, true, true, true])
})

test('a revocation by another process has effect within a second, and so has a new token', (context) => {
  const { clock, open } = newHome(context)
  const server = open()
  const kept = server.create({ ...anything, name: 'kept' })
  const lost = server.create({ ...anything, name: 'lost' })
  const identify = newIdentify(server)
  const isIn = (text: string): boolean => identify(`Bearer ${text}`) !== null
  expect([isIn(kept.text), isIn(lost.text)]).toEqual([true, true])
  const elsewhere = open()
  elsewhere.revoke('lost')
  const late = elsewhere.create(anything)
  clock.nowMs += 999
  expect([isIn(kept.text), isIn(lost.text), isIn(late.text)]).toEqual([true, false, true])
  server.revoke(kept.token.id)
  clock.nowMs += 999
  expect(isIn(kept.text)).toBe(false)
})

test('a token ends when it was said to', (context) => {
  const { clock, open } = newHome(context)
  const tokens = open()
  const { text, token } = tokens.create({ ...anything, expiresMs: noonMs + 1000 })
  const identify = newIdentify(tokens)
  clock.nowMs += 999
  expect(identify(`Bearer ${text}`)?.tokenId).toBe(token.id)
  clock.nowMs += 1
  expect(identify(`Bearer ${text}`)).toBe(null)
})

test('the day of the last use is recorded, and never makes a request wait', (context) => {
  const { clock, open, file } = newHome(context)
  const tokens = open()
  const { text } = tokens.create(anything)
  const identify = newIdentify(tokens)
  const used = () => tokens.list()[0]?.usedMs
  expect(used()).toBe(null)
  identify(`Bearer ${text}`)
  expect(used()).toBe(noonMs - dayMs / 2)

  const writer = openSqlite(file, { readonly: false })
  context.onTestFinished(() => {
    writer.close()
  })
  writer.exec('BEGIN IMMEDIATE')
  clock.nowMs += dayMs
  const startedMs = performance.now()
  expect(identify(`Bearer ${text}`)).not.toBe(null)
  expect(performance.now() - startedMs).toBeLessThan(busyTimeoutMs)
  expect(used()).toBe(noonMs - dayMs / 2)
  writer.exec('COMMIT')
  clock.nowMs += 60_000
  identify(`Bearer ${text}`)
  expect(used()).toBe(noonMs + dayMs / 2)
})

test('while the tokens cannot be read, nobody is let in', (context) => {
  const { clock, open } = newHome(context)
  const tokens = open()
  const { text } = tokens.create(anything)
  let isBroken = false
  const troubles: unknown[] = []
  const identify = newIdentify(
    {
      ...tokens,
      version: () => {
        if (isBroken) throw new StateUnreadableError('gone')
        return tokens.version()
      },
    },
    (error) => troubles.push(error),
  )
  const isIn = (): boolean => {
    clock.nowMs += 300
    return identify(`Bearer ${text}`) !== null
  }
  expect(isIn()).toBe(true)
  isBroken = true
  expect(isIn()).toBe(false)
  expect(troubles).toEqual([expect.any(StateUnreadableError)])
  isBroken = false
  expect(isIn()).toBe(true)
})

test('a file that is taken away, or changed for another, lets nobody in until it is back', (context) => {
  const { clock, home, open, file } = newHome(context)
  const server = open()
  const { text } = server.create({ ...anything, name: 'ci' })
  const troubles: string[] = []
  const identify = newIdentify(server, (error) => troubles.push(String(error)))
  const isIn = (token = text): boolean => {
    clock.nowMs += 999
    return identify(`Bearer ${token}`) !== null
  }
  const aside = join(home, 'aside.sqlite')
  expect(isIn()).toBe(true)
  renameSync(file, aside)
  expect(isIn()).toBe(false)
  expect(troubles.at(-1)).toContain(`"${file}" is gone`)
  expect(() => server.revoke('ci'), 'of what nobody reads').toThrow(StateUnreadableError)

  const other = open().create(anything)
  expect([isIn(), isIn(other.text)]).toEqual([false, false])
  expect(troubles.at(-1)).toContain('is another one by now')
  renameSync(aside, file)
  expect([isIn(), isIn(other.text)]).toEqual([true, false])

  rmSync(file)
  expect([isIn(), isIn()]).toEqual([false, false])
  expect(troubles.map((one) => /is gone|another one/.exec(one)?.[0])).toEqual([
    'is gone',
    'another one',
    'is gone',
  ])
})

test('names are the names of tokens in force, and an id comes before a name', (context) => {
  const { open } = newHome(context)
  const tokens = open()
  const first = tokens.create({ ...anything, name: 'ci' })
  expect(() => tokens.create({ ...anything, name: 'ci' })).toThrow('there is a token "ci"')
  expect(() => tokens.create({ ...anything, name: first.token.id })).toThrow('there is a token')
  expect(tokens.revoke('ci').id).toBe(first.token.id)
  expect(() => tokens.revoke('ci')).toThrow('there is no token "ci" to revoke')
  const second = tokens.create({ ...anything, name: 'ci' })
  expect(tokens.list().map(({ name, revokedMs }) => [name, revokedMs !== null])).toEqual([
    ['ci', true],
    ['ci', false],
  ])
  expect(tokens.revoke(second.token.id).name).toBe('ci')
})

test('what a token cannot be is refused', (context) => {
  const { open } = newHome(context)
  const tokens = open()
  const wrong = [
    { name: '' },
    { name: 'a b' },
    { name: '-a' },
    { name: 'a'.repeat(64) },
    { runs: ['Chat'] },
    { runs: ['chat', '../x'] },
    { expiresMs: noonMs },
    { expiresMs: noonMs + 101 * 366 * dayMs },
  ]
  for (const one of wrong) {
    expect(() => tokens.create({ ...anything, ...one }), JSON.stringify(one)).toThrow(ArgumentError)
  }
  expect(tokens.list()).toEqual([])
})

test('a file that holds something else is left as it is', (context) => {
  const { file, open } = newHome(context)
  writeFileSync(file, 'notes of mine, longer than the header of a database\n'.repeat(40))
  expect(open).toThrow(StateUnreadableError)
  rmSync(file)
  const foreign = openSqlite(file, { readonly: false })
  foreign.exec('CREATE TABLE mine (x)')
  foreign.close()
  const before = readFileSync(file)
  expect(open).toThrow('is no file of tokens')
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a revocation outlives a process that is killed right after it', (context) => {
  const { home, open } = newHome(context)
  const { text } = open().create({ ...anything, name: 'ci' })
  const code = `
    import { openTokens } from '#tokens/tokens'
    openTokens({ DSTACK_OFFERS_HOME: ${JSON.stringify(home)} }, () => ${noonMs}).revoke('ci')
    process.kill(process.pid, 'SIGKILL')`
  const words = ['--import', 'tsx', '-C', 'source', '--input-type=module', '-e', code]
  const { signal, stderr } = spawnSync(process.execPath, words)
  expect(signal, stderr.toString()).toBe('SIGKILL')
  expect(newIdentify(open())(`Bearer ${text}`)).toBe(null)
})
