import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasOverlay } from '#cli/overlay-files'
import { smallCatalog } from '../e2e/small-catalog.ts'
import { filesOf } from './files.ts'
import { run } from './world.ts'

const home = mkdtempSync(join(tmpdir(), 'dstack-offers-home-'))
const environment = { DSTACK_OFFERS_HOME: home }
const openCatalog = smallCatalog()

const discount = (name: string, percent: number) =>
  `rules: [{ name: ${name}, selector: { backends: [azure] }, discount: ${percent}% }]\n`

const print = async (files: Readonly<Record<string, string>>, ...words: readonly string[]) => {
  const asked = ['--gpu', 'A100', '-b', 'azure', '-n', '1', ...words]
  return (await run(asked, { files, environment, openCatalog })).stdout
}

test('where there is no overlay, two looks are enough to know', () => {
  const looked: string[] = []
  const files = { ...filesOf({}), exists: (path: string) => looked.push(path) < 0 }
  expect(hasOverlay({ files, environment })).toBe(false)
  expect(looked).toEqual(['.dstack', home])
})

test('the working tree has its own, and .yaml is an ending too', async () => {
  expect(await print({ '.dstack/prices.yml': discount('ours', 10) })).toContain('1.3221*')
  expect(await print({ '.dstack/prices.yaml': discount('ours', 10) })).toContain('1.3221*')
  expect(await print({ '.dstack/profiles.yml': '' })).toContain(' 1.469 ')
})

test('the one of the working tree comes before that of the user', async () => {
  const files = { [`${home}/prices.yml`]: discount('mine', 20) }
  expect(await print(files)).toContain('1.1752*')
  const both = { ...files, '.dstack/prices.yml': discount('ours', 10) }
  const text = await print(both)
  expect(text).toContain('1.3221*')
  expect(text).toMatch(/^Overlay {2}\.dstack\/prices\.yml · \S+prices\.yml · 2 rules/m)
})

test('--overlay takes the place of both, --no-overlay of all', async () => {
  const files = { '.dstack/prices.yml': discount('ours', 10), 'other.yml': discount('other', 50) }
  expect(await print(files, '--overlay', 'other.yml')).toContain('0.7345*')
  expect(await print(files, '--no-overlay')).toContain(' 1.469 ')
})

test('every command that shows prices shows those of the overlay, and says so', async () => {
  const files = { '.dstack/prices.yml': discount('ours', 10) }
  const asked = { files, environment, openCatalog }
  for (const words of [
    ['--gpu', 'A100', '--group-by', 'gpu'],
    ['gpus'],
    ['--gpu', 'A100', '--why'],
    ['--gpu', 'A100', '--rank', 'vram'],
    ['plan', '--gpu', 'A100', '--out', 'plan.json'],
  ]) {
    const written = new Map<string, string>()
    const { stdout, code } = await run(words, { ...asked, written })
    expect([words, code]).toEqual([words, 0])
    expect(stdout).toMatch(/overlay/i)
  }
})

test('a certificate speaks of the catalog beneath, and of the overlay', async () => {
  const files = { '.dstack/prices.yml': discount('ours', 10) }
  const digestOf = (text: string) => /"catalog_digest": "(\w+)"/.exec(text)?.[1]
  const under = await print(files, '-o', 'json')
  expect(digestOf(under)).toBe(digestOf(await print({}, '-o', 'json')))
  expect(under).toMatch(/"overlay_digest": "\w{64}"/)
})
