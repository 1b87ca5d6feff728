/** `catalog keys`, `export` and `pull` from the command line; and that the key stays where it is. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCatalog } from '#api/catalog'
import { newPrivateKey } from '#platform/signing'
import { smallCatalog } from '../../e2e/small-catalog.ts'
import { contentOf } from '../../publish/world.ts'
import { run, type Run } from '../world.ts'

let root: string
/** All that was printed. */
let printed: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dstack-offers-publish-cli-'))
  printed = ''
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const folder = (): string => join(root, 'published')

const catalog = async (
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Run> => {
  const done = await run(['catalog', ...words], {
    environment: { DSTACK_OFFERS_HOME: join(root, 'home'), ...environment },
    openCatalog: smallCatalog(),
  })
  printed += done.stdout + done.stderr
  return done
}

const puller = (): Readonly<Record<string, string>> => ({
  DSTACK_OFFERS_HOME: join(root, 'puller'),
})

test('keys, export, pull: from nothing to the catalog of somebody else', async () => {
  const { stdout, stderr } = await catalog(['keys'])
  expect(stdout).toMatch(/^ed25519:[\w-]{43}\n$/)
  const key = stdout.trim()
  const file = join(root, 'home', 'signing-key.pem')
  expect(stderr).toBe(`note: the private key is in "${file}"\n`)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const exported = await catalog(['export', folder()])
  expect([exported.code, exported.stderr]).toEqual([0, ''])
  expect(exported.stdout).toBe(
    [
      'aws           new        7 offers',
      'azure         new        4 offers',
      'gcp           new        3 offers',
      'runpod        new        3 offers',
      `sequence 1 · 4 backends · key ${key}`,
      '',
    ].join('\n'),
  )
  const again = await catalog(['export', folder(), '-o', 'json'])
  expect(JSON.parse(again.stdout)).toMatchObject({
    format_version: '1.0',
    kind: 'export',
    key,
    sequence: 1,
    changed: false,
  })
  const pulled = await catalog(['pull', folder(), '--key', key, '-o', 'json'], puller())
  expect(JSON.parse(pulled.stdout)).toMatchObject({ kind: 'pull', sequence: 1, dry_run: false })
  const theirs = openCatalog({ environment: puller() })
  expect(theirs.backends()).toContain('runpod')
  theirs.close()
})

test('own prices are in no export', async () => {
  await catalog(['keys'])
  const overlay =
    'offers: [{backend: ssh, instance_type: canary-box, cpu: 4, memory: 16GB, price: 0.01}]\n'
  const { code, stdout } = await run(['catalog', 'export', folder()], {
    environment: { DSTACK_OFFERS_HOME: join(root, 'home') },
    openCatalog: smallCatalog(),
    files: { '.dstack/prices.yml': overlay },
  })
  expect([code, stdout.split('\n').length]).toEqual([0, 6])
  expect(JSON.stringify(contentOf(folder()))).not.toContain('canary-box')
})

describe('refused', () => {
  test('a first pull without a key is 2, and says what to do', async () => {
    const { code, stderr } = await catalog(['pull', folder()], puller())
    expect([code, stderr]).toEqual([2, expect.stringContaining('add --key ed25519:')])
  })

  test('a catalog that was tampered with is 4', async () => {
    const key = (await catalog(['keys'])).stdout.trim()
    await catalog(['keys', join(root, 'other.pem')])
    await catalog(['export', folder(), '--key-file', join(root, 'other.pem')])
    const { code, stderr } = await catalog(['pull', folder(), '--key', key], puller())
    expect([code, stderr]).toEqual([4, expect.stringContaining('is not signed by')])
  })

  test('a second pair of keys does not replace the first', async () => {
    await catalog(['keys'])
    const first = readFileSync(join(root, 'home', 'signing-key.pem'), 'utf8')
    expect((await catalog(['keys'])).code).toBe(2)
    expect(readFileSync(join(root, 'home', 'signing-key.pem'), 'utf8')).toBe(first)
  })

  test('an export without a key, with half of one, and with a number that is none', async () => {
    const none = await catalog(['export', folder()])
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('catalog keys')])
    const half = await catalog(['export', folder()], { DSTACK_OFFERS_SIGNING_KEY: 'canary-half' })
    expect([half.code, half.stderr]).toEqual([2, expect.stringContaining('holds no ed25519')])
    await catalog(['keys'])
    expect((await catalog(['export', folder(), '--after', 'x'])).code).toBe(2)
    expect(printed).not.toContain('canary-half')
  })
})

test('the key is in no output, and in no file but its own', async () => {
  const pem = newPrivateKey()
  const secret = pem.split('\n')[1] ?? ''
  expect(secret.length).toBeGreaterThan(40)
  const withKey = { DSTACK_OFFERS_SIGNING_KEY: pem }
  for (const words of [[], ['-o', 'json'], ['-b', 'nobody'], ['--after', '9']]) {
    await catalog(['export', folder(), ...words], withKey)
  }
  const { key } = JSON.parse(readFileSync(join(folder(), 'manifest.json'), 'utf8')) as {
    key: string
  }
  await catalog(['pull', folder(), '--key', key], { ...puller(), ...withKey })
  await catalog(['pull', folder(), '--key', secret], { ...puller(), ...withKey })
  await catalog(['keys', join(root, 'made.pem')])
  const made = readFileSync(join(root, 'made.pem'), 'utf8').split('\n')[1] ?? ''
  const files = contentOf(root)
  expect(Object.keys(files).length).toBeGreaterThan(8)
  const places = Object.entries({ ...files, printed })
  const holding = (text: string) =>
    places.filter(([, content]) => content.includes(text)).map(([name]) => name)
  expect([holding(secret), holding(made)]).toEqual([[], ['made.pem']])
})
