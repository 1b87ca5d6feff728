import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textWidth } from '#cli/text-width'
import { newCourse } from '../../history/course.ts'
import { type Journal, newJournal } from '../../history/journal.ts'
import { anOffer } from '../../builders.ts'
import { run, type Run } from '../world.ts'

let journal: Journal
beforeAll(() => {
  journal = newCourse()
})
afterAll(() => journal.end())

const history = (...words: readonly string[]): Promise<Run> =>
  run(['history', ...words], { environment: journal.environment })

describe('history', () => {
  test('as rows, a line for each price of each offer', async () => {
    const { code, stdout } = await history('-o', 'jsonl', '--gpu', 'A100:8')
    expect(code).toBe(0)
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; at: string })
    expect(rows.map(({ id, at }) => `${id.split('/').at(-1)} ${at.slice(0, 10)}`)).toEqual([
      'spot 2025-12-20',
      'spot 2026-01-05',
      'spot 2026-01-12',
      'on-demand 2025-12-20',
      'on-demand 2026-01-12',
    ])
  })

  test.each(['csv', 'tsv'])('%s: the heading is the same without rows', async (format) => {
    const [some, none] = [await history('-o', format), await history('-o', format, '-b', 'gcp')]
    expect(some.stdout.split('\n').length).toBeGreaterThan(2)
    expect([none.code, none.stdout]).toEqual([3, `${some.stdout.split('\n')[0]}\n`])
  })

  test('an offer that is recorded but not asked for is none, and not unknown', async () => {
    const id = 'aws/us-east-1/p4de.24xlarge/spot'
    expect((await history(id, '--gpu', 'A100')).code).toBe(3)
    expect((await history(`${id}s`)).stderr).toContain(`did you mean ${id}?`)
  })

  test('no line is wider than the terminal', async () => {
    const environment = { ...journal.environment, NO_COLOR: '1' }
    for (const columns of [40, 60, 80, 120]) {
      const { stdout } = await run(['history'], { environment, columns })
      expect(Math.max(...stdout.split('\n').map(textWidth))).toBeLessThanOrEqual(columns)
    }
  })

  test('reading writes nothing where nothing is recorded', async () => {
    const empty = newJournal()
    const { code, stderr } = await run(['history'], { environment: empty.environment })
    expect([code, existsSync(empty.places.historyPath)]).toEqual([4, false])
    expect(stderr).toContain('no price is recorded yet')
    empty.end()
  })

  test('text of foreign origin reaches no terminal as it is', async () => {
    const foreign = newJournal()
    const odd = anOffer({ region: 'us\u001b[31m\u202e' })
    foreign.put('2026-01-01T00:00:00Z', [odd])
    for (const words of [['history'], ['history', odd.id], ['diff', '--since', '2025-12-01']]) {
      const { stdout } = await run(words, { environment: foreign.environment })
      expect(stdout).not.toContain('\u001b')
      expect(stdout).not.toContain('\u202e')
    }
    foreign.end()
  })
})

describe('catalog prune', () => {
  test('forgets what is older, and what held then stays', async () => {
    const own = newCourse()
    const prune = (...words: readonly string[]): Promise<Run> =>
      run(['catalog', 'prune', '--keep', '2026-01-10', ...words], { environment: own.environment })
    const options = { environment: own.environment }
    const before = await run(['diff', '--since', '2026-01-10', '-o', 'json'], options)
    expect((await prune('--dry-run')).stdout).toMatch(/^would forget 1 of 12 changes/)
    expect((await prune()).stdout).toMatch(/^forgot 1 of 12 changes, before 2026-01-10T00:00:00Z/)
    expect((await prune()).stdout).toMatch(/^nothing to forget: 11 changes/)
    expect(await run(['diff', '--since', '2026-01-10', '-o', 'json'], options)).toEqual(before)
    own.end()
  })

  test('a moment that is none is refused', async () => {
    const { code, stderr } = await run(['catalog', 'prune', '--keep', 'all'], {
      environment: journal.environment,
    })
    expect([code, stderr]).toEqual([2, expect.stringContaining('--keep "all" is neither')])
  })
})
