import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { openWritableHistoryFile } from '#history/database'
import { type QueryAnswer, queryPrices } from '#history/query'
import { views } from '#history/views'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'
import { type Journal, newJournal, seenAt } from './journal.ts'

let journal: Journal
let empty: Journal
let folder: string
let embeddedPath: string

const big = anInstanceType({ name: 'big', gpu: aGpu(), gpuCount: 2 })

beforeAll(() => {
  journal = newJournal()
  empty = newJournal()
  folder = mkdtempSync(join(tmpdir(), 'dstack-offers-embedded-'))
  embeddedPath = join(folder, 'catalog.sqlite')
  const database = openWritableCatalogFile(embeddedPath)
  for (const backend of ['aws', 'gcp']) {
    const offers = seenAt('2026-10-01T00:00:00Z', [
      anOffer({ backend }),
      anOffer({ backend, region: null }),
    ])
    replaceBackend(database, { backend, offers, notes: [] })
  }
  database.close()
  journal.put('2026-11-02T10:00:00Z', [anOffer({ instanceType: big, priceNanoUsd: 1_006_000_000 })])
  journal.put('2026-11-03T10:00:00Z', [
    anOffer({ instanceType: big, priceNanoUsd: null, stock: 'none' }),
  ])
})
afterAll(() => {
  journal.end()
  empty.end()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (sql: string, over = {}): Promise<QueryAnswer> => {
  const { environment } = journal
  return queryPrices(sql, { environment, limit: 0, timeLimitMs: 20_000, embeddedPath, ...over })
}

test.each(views.map((view) => view.name))(
  '%s has the columns that are documented',
  async (name) => {
    const { columns } = await ask(`select * from ${name}`)
    expect(columns).toEqual(
      views.find((view) => view.name === name)?.columns.map((column) => column.name),
    )
  },
)

test.each(views.map((view) => view.name))('%s has values of the types documented', async (name) => {
  const columns = views.find((view) => view.name === name)?.columns ?? []
  const types = columns.map((column) => `typeof(${column.name})`).join(', ')
  const { rows } = await ask(`select ${types} from ${name}`)
  expect(rows.length).toBeGreaterThan(0)
  for (const row of rows) {
    for (const [index, column] of columns.entries()) {
      expect([column.type, 'null'], column.name).toContain(row[index])
    }
  }
})

test('offers: each backend from the catalog that saw it last; unknown is null, never 0', async () => {
  const { rows } = await ask(
    'select id, price_usd, price_nano_usd, stock, gpu_count from offers order by 1',
  )
  expect(rows).toEqual([
    ['aws/us-east-1/big/on-demand', null, null, 'none', 2],
    ['gcp/?/m5.large/on-demand', '0.096', 96_000_000, 'unknown', 0],
    ['gcp/us-east-1/m5.large/on-demand', '0.096', 96_000_000, 'unknown', 0],
  ])
})

test('price_changes: a row a change, with what was before', async () => {
  const { rows } = await ask(
    'select changed_at, kind, price_usd, previous_price_usd, stock from price_changes order by 1',
  )
  expect(rows).toEqual([
    ['2026-11-02T10:00:00Z', 'first', '1.006', null, 'unknown'],
    ['2026-11-03T10:00:00Z', 'price', null, '1.006', 'none'],
  ])
})

test('without a record, there are offers and no changes', async () => {
  const { environment } = empty
  const { rows } = await ask('select count(*) from price_changes', { environment })
  expect(rows).toEqual([[0]])
  expect((await ask('select count(*) from offers', { environment })).rows).toEqual([[4]])
})

describe('values', () => {
  test('come over exactly, or as a text where a number cannot hold them', async () => {
    const { rows } = await ask("select 9007199254740993, 1.5, x'00ff', 1e999, null, 'é', 42")
    expect(rows).toEqual([['9007199254740993', 1.5, '00ff', 'Infinity', null, 'é', 42]])
  })

  test('a limit says whether there is more', async () => {
    const rows =
      'with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select i from n'
    expect(await ask(rows, { limit: 5 })).toMatchObject({ more: false })
    expect(await ask(rows, { limit: 4 })).toMatchObject({ rows: [[1], [2], [3], [4]], more: true })
  })
})

const endless =
  'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n'

/** A process that asks, and prints the id of the one that answers. */
const askElsewhere = (sql: string, temporary: string): ChildProcess =>
  spawn(
    process.execPath,
    ['--import', 'tsx', '-C', 'source', '--input-type=module', '-e', askerCode],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        TMPDIR: temporary,
        ASKED: JSON.stringify({ sql, ...journal.environment, embeddedPath }),
      },
    },
  )

const askerCode = `
  import { ChildProcess } from 'node:child_process'
  import { queryPrices } from '#history/query'
  const { sql, embeddedPath, ...environment } = JSON.parse(process.env.ASKED)
  const spawn = ChildProcess.prototype.spawn
  ChildProcess.prototype.spawn = function (options) {
    const result = spawn.call(this, options)
    process.stdout.write(String(this.pid))
    return result
  }
  await queryPrices(sql, { environment, limit: 0, timeLimitMs: 600_000, embeddedPath })
`

const lives = (pid: number): boolean => {
  try {
    // One that has ended and that nobody has asked after is still listed.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('a query that takes long', () => {
  test('keeps no writer of the history waiting', async () => {
    const long = `${endless} where (select count(*) from price_changes) > 0`
    const answer = ask(long, { timeLimitMs: 4000 }).catch((error: unknown) => String(error))
    // By then it reads, and goes on reading.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const writer = openWritableHistoryFile(journal.places.historyPath)
    writer.pragma('busy_timeout = 0')
    writer.exec('BEGIN EXCLUSIVE; ROLLBACK')
    writer.close()
    expect(await answer).toContain('took longer than 4 s')
  })

  test('leaves no copy of the history behind', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'dstack-offers-copies-'))
    vi.stubEnv('TMPDIR', temporary)
    await ask('select count(*) from price_changes')
    await expect(ask('select * from elsewhere')).rejects.toThrow(/no such table/)
    await expect(ask(endless, { timeLimitMs: 700 })).rejects.toThrow(/took longer/)
    expect(readdirSync(temporary)).toEqual([])
    // Where there is no place for one, the history itself is read.
    rmSync(temporary, { recursive: true })
    writeFileSync(temporary, 'a file where the folder would be')
    expect((await ask('select count(*) from price_changes')).rows).toEqual([[2]])
    vi.unstubAllEnvs()
    rmSync(temporary)
  })

  test.skipIf(process.platform !== 'linux')('ends with who asked (Linux: /proc)', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'dstack-offers-copies-'))
    const asker = askElsewhere(endless, temporary)
    const pid = await new Promise<number>((resolve) => {
      asker.stdout?.once('data', (text: Buffer) => resolve(Number(text.toString())))
    })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(lives(pid)).toBe(true)
    asker.kill('SIGKILL')
    try {
      await expect.poll(() => lives(pid), { timeout: 10_000 }).toBe(false)
    } finally {
      if (lives(pid)) process.kill(pid, 'SIGKILL')
    }
    // Nobody was left to remove the copy.
    expect(readdirSync(temporary).filter((name) => name.startsWith('dstack-offers-'))).toEqual([])
    rmSync(temporary, { recursive: true })
  })

  test('or an answer larger than memory is told apart', async () => {
    vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=40')
    const wide =
      'with recursive n(i) as (select 1 union all select i + 1 from n limit 100000) select hex(randomblob(5000)) from n'
    await expect(ask(wide)).rejects.toThrow(/too large to hold/)
    vi.unstubAllEnvs()
  })
})

describe('refused', () => {
  test('at once, whatever stands before it', async () => {
    await expect(ask(`${'/**/'.repeat(40)}drop`)).rejects.toThrow(/only a query can be asked/)
    expect((await ask(`${'/* a * b **/ -- c\n'.repeat(40)}select 1`)).rows).toEqual([[1]])
  })

  test.each([
    "attach 'other.sqlite' as other",
    'pragma query_only = 0',
    'delete from history.change',
    "/* select */ insert into own.region values (99, 'x')",
    '-- select\nvacuum',
    '',
    'selective',
  ])('%s', async (sql) => {
    await expect(ask(sql)).rejects.toThrow(/only a query can be asked/)
  })

  test.each([
    ['select 1; drop table own.offer', 'more than one statement'],
    ['with x as (select 1) delete from history.change', 'readonly|no query|read-only'],
    ["with x as (select 1) insert into own.region values (99, 'x')", 'readonly|no query|read-only'],
    ["select load_extension('/tmp/x')", 'not authorized|no such function'],
    ['select * from elsewhere', 'no such table: elsewhere'],
    ['select', 'incomplete input'],
  ])('%s', async (sql, message) => {
    await expect(ask(sql)).rejects.toThrow(new RegExp(`the query fails: .*(${message})`))
  })

  test('nothing that was refused has changed anything', async () => {
    expect((await ask('select count(*) from history.change')).rows).toEqual([[2]])
    expect((await ask("select count(*) from own.region where name = 'x'")).rows).toEqual([[0]])
  })

  test('a query without end is ended', async () => {
    await expect(ask(endless, { timeLimitMs: 700 })).rejects.toThrow(/took longer than 0.7 s/)
  })
})
