import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newCourse } from '../../history/course.ts'
import type { Journal } from '../../history/journal.ts'
import { run, type Run } from '../world.ts'

let journal: Journal
beforeAll(() => {
  journal = newCourse()
})
afterAll(() => journal.end())

const sql = (...words: readonly string[]): Promise<Run> =>
  run(['sql', ...words], { environment: journal.environment, stdin: 'select 7 as seven' })

describe('sql', () => {
  test('from standard input', async () => {
    expect((await sql('-', '-o', 'csv')).stdout).toBe('seven\n7\n')
  })

  test('a heading in every format, also without rows', async () => {
    expect((await sql('select 1 as one where 0', '-o', 'csv')).stdout).toBe('one\n')
    expect((await sql('select 1 as one where 0')).stdout).toBe('one\n')
  })

  test('two columns of one name are two columns', async () => {
    expect((await sql('select 1 as a, 2 as a', '-o', 'tsv')).stdout).toBe('a\ta\n1\t2\n')
  })

  test('control characters do not reach a terminal', async () => {
    const { stdout } = await sql("select char(27) || ']0;x' || char(7) as 'a\u001bb'")
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toContain('\u0007')
  })

  test('more rows than asked for are told, and cut', async () => {
    const { stdout, stderr } = await sql('values (1), (2)', '-n', '1', '-o', 'tsv')
    expect(stdout).toBe('column1\n1\n')
    expect(stderr).toContain('only the first 1 rows')
  })

  test('what takes too long is ended', async () => {
    const endless =
      'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n'
    const { code, stderr } = await sql(endless, '--timeout', '1s')
    expect([code, stderr]).toEqual([2, expect.stringContaining('took longer than 1 s')])
  })

  test('the schema as a document', async () => {
    const { stdout } = await sql('--schema', '-o', 'json')
    const { columns, rows } = JSON.parse(stdout) as { columns: string[]; rows: string[][] }
    expect(columns).toEqual(['view', 'column', 'type', 'meaning'])
    expect(new Set(rows.map(([view]) => view))).toEqual(
      new Set(['offers', 'price_changes', 'backends']),
    )
  })
})
