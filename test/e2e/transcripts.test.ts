/** Replays every transcript; `UPDATE=1` writes what is printed now. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../cli/world.ts'
import { project } from './project.ts'
import { smallCatalog } from './small-catalog.ts'
import { printRun, readStep, replay } from './transcript.ts'

const here = import.meta.dirname
const openCatalog = smallCatalog()
/** Where catalogs under an overlay are kept. */
const cache = mkdtempSync(join(tmpdir(), 'dstack-offers-cache-'))
const transcripts = readdirSync(here).filter((name) => name.endsWith('.console'))

test('there are transcripts', () => {
  expect(transcripts.length).toBeGreaterThan(5)
})

test.each(transcripts)('%s', async (name) => {
  const path = join(here, name)
  // A transcript of an empty folder sees no files.
  const files = name.startsWith('empty-') ? {} : project
  const written = new Map<string, string>()
  const replayed = await replay(readFileSync(path, 'utf8'), async (command) => {
    const { words, options } = readStep(command, { ...files, ...Object.fromEntries(written) })
    const environment = { ...options.environment, XDG_CACHE_HOME: cache }
    return printRun(command, await run(words, { ...options, environment, openCatalog, written }))
  })
  if (process.env['UPDATE'] === '1') writeFileSync(path, replayed)
  expect(replayed).toBe(readFileSync(path, 'utf8'))
})
