/** Replays the transcripts of this folder over a record; `UPDATE=1` writes what is printed now. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../cli/world.ts'
import { project } from '../e2e/project.ts'
import { printRun, readStep, replay } from '../e2e/transcript.ts'
import { newCourse } from './course.ts'
import type { Journal } from './journal.ts'

const here = import.meta.dirname

let journal: Journal
beforeAll(() => {
  journal = newCourse()
})
afterAll(() => journal.end())

test.each(readdirSync(here).filter((name) => name.endsWith('.console')))('%s', async (name) => {
  const path = join(here, name)
  const replayed = await replay(readFileSync(path, 'utf8'), async (command) => {
    const { words, options } = readStep(command, project)
    const environment = { ...options.environment, ...journal.environment }
    return printRun(command, await run(words, { ...options, environment }))
  })
  if (process.env['UPDATE'] === '1') writeFileSync(path, replayed)
  expect(replayed).toBe(readFileSync(path, 'utf8'))
})
