/** The README's transcript and its library example, run as a reader would: on what was built. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { backends } from '#backends/registry'
import { exitCodes } from '#cli/exit-codes'

const readme = readFileSync('README.md', 'utf8')

const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block = '']) => block,
  )

/** The day the transcripts were taken. */
const environment = {
  ...process.env,
  SOURCE_DATE_EPOCH: '1795478400',
  COLUMNS: '80',
  NO_COLOR: '1',
  DSTACK_OFFERS_HOME: mkdtempSync(join(tmpdir(), 'dstack-offers-home-')),
}

test('the program is built', () => {
  expect(existsSync('dist/bin/dstack-offers.cjs'), 'run: npm run build').toBe(true)
})

test.each(blocks('console'))('%s', (block) => {
  const [command = '', ...output] = block.split('\n')
  const [program, ...words] = command.replace(/^\$ /, '').split(' ')
  expect(program).toBe('dstack-offers')
  const { stdout } = spawnSync(process.execPath, ['dist/bin/dstack-offers.cjs', ...words], {
    env: environment,
    encoding: 'utf8',
  })
  expect(stdout).toBe(output.join('\n'))
})

test('the library example runs', () => {
  const [example = ''] = blocks('ts')
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', example], {
    env: environment,
    encoding: 'utf8',
  })
  const lines = output.trimEnd().split('\n')
  expect(lines).toHaveLength(5)
  expect(lines[0]).toMatch(/^[a-z]+\/\S+ \d+(\.\d+)?$/)
  expect(lines[3]).toMatch(/^\d+ offers match$/)
  expect(lines[4]).toBe('{ min: 24576, max: null }')
})

test('every exit code is documented', () => {
  for (const code of Object.values(exitCodes)) {
    expect(readme).toMatch(new RegExp(`^\\| +${code} +\\|`, 'm'))
  }
})

test('the figures are those of the catalog', () => {
  const manifest = JSON.parse(readFileSync('catalogs/manifest.json', 'utf8')) as { offers: number }
  expect(readme).toContain(`${manifest.offers.toLocaleString('en')} offers`)
})

test('every backend that a refresh fetches is named, by whether it needs credentials', async () => {
  const named: Record<'ready' | 'keyed', string[]> = { ready: [], keyed: [] }
  for (const backend of backends) {
    if (backend.name === 'ssh' || backend.name === 'kubernetes') continue
    const { status } = (await backend.importer()).readiness({})
    named[status === 'ready' ? 'ready' : 'keyed'].push(backend.name)
  }
  const [, ready = '', keyed = ''] =
    /A refresh fetches (.*?) without credentials, and (.*?) where their keys/s.exec(readme) ?? []
  const namesOf = (text: string) => text.split(/,\s+|\s+and\s+/)
  expect({ ready: namesOf(ready), keyed: namesOf(keyed) }).toEqual(named)
  expect(readFileSync('CHANGELOG.md', 'utf8')).toContain(`prices of ${backends.length} backends`)
})
