import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newCourse } from '../../history/course.ts'
import type { Journal } from '../../history/journal.ts'
import { run, type Run } from '../world.ts'

let journal: Journal
beforeAll(() => {
  journal = newCourse()
})
afterAll(() => journal.end())

const files = {
  'train.dstack.yml': 'type: task\ncommands: [train]\nresources:\n  gpu: A100:8\nmax_price: 20\n',
}

const diff = (...words: readonly string[]): Promise<Run> =>
  run(['diff', '-q', ...words], { environment: journal.environment, files })

describe('diff', () => {
  test('with a configuration, only what meets it, before or now', async () => {
    const { code, stdout } = await diff('--config', 'train.dstack.yml', '-o', 'jsonl')
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; id: string })
    expect(code).toBe(0)
    expect(rows).toMatchObject([{ kind: 'cheaper', id: 'aws/us-east-1/p4de.24xlarge/spot' }])
  })

  test.each([
    [['--exit-code'], 8],
    [[], 0],
    [['--exit-code', '--since', '1m'], 0],
    [['--exit-code', '-b', 'gcp'], 0],
  ])('%j ends with %i', async (words, expected) => {
    expect((await diff(...words)).code).toBe(expected)
  })

  test.each(['json', 'yaml', 'jsonl', 'csv', 'tsv', 'md', 'table'])(
    '%s is the same twice',
    async (format) => {
      const first = await diff('-o', format)
      expect(first.stdout).not.toBe('')
      expect(await diff('-o', format)).toEqual(first)
    },
  )

  test.each(['csv', 'tsv'])('%s: the heading is the same without rows', async (format) => {
    const [some, none] = [await diff('-o', format), await diff('-o', format, '--since', '1m')]
    expect(some.stdout.split('\n').length).toBeGreaterThan(2)
    expect(none.stdout).toBe(`${some.stdout.split('\n')[0]}\n`)
  })

  test('what is hidden is counted', async () => {
    const { stdout } = await diff('-n', '2')
    expect(stdout).toContain('2 cheaper, 1 added, 2 gone, 1 unpriced. 4 more: -n 0 shows all.')
  })
})
