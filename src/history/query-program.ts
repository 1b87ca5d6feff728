/**
 * The text of the process that runs one query. A text, since a file beside this one is found in
 * neither the source nor the bundle. Files attached to a read-only connection are read-only too;
 * what makes the views writes to the connection's own temporary schema. A thread beside it ends the
 * process with the one that asked, which the query itself would not notice.
 */
export const queryProgram = `
const asking = process.ppid
const watch = \`
  const { workerData } = require('node:worker_threads')
  setInterval(() => {
    if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL')
  }, 200)\`
process.once('message', ({ library, main, attached, copied, views, sql, limit }) => {
  const { Worker } = require('node:worker_threads')
  new Worker(watch, { eval: true, execArgv: [], workerData: asking })
  const plain = (value) => {
    if (typeof value === 'bigint') {
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
    }
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
    return Buffer.isBuffer(value) ? value.toString('hex') : value
  }
  const removeQuietly = (folder) => {
    try {
      require('node:fs').rmSync(folder, { recursive: true, force: true })
    } catch {
      // Where an open file keeps its name, who asked removes it at the end.
    }
  }
  const answer = () => {
    const Database = require(library)
    const database = new Database(main, { readonly: true, fileMustExist: true })
    for (const [schema, path] of attached) database.prepare('ATTACH ? AS ' + schema).run(path)
    // Open files outlive their names: whatever ends this process, the copy is gone.
    if (copied !== null) removeQuietly(copied)
    for (const view of views) database.exec(view)
    database.pragma('query_only = 1')
    const statement = database.prepare(sql)
    if (!statement.reader || !statement.readonly) return { error: 'it is no query' }
    statement.raw().safeIntegers()
    const columns = statement.columns().map(({ name }) => name)
    const rows = []
    for (const row of statement.iterate()) {
      if (limit > 0 && rows.length === limit) return { columns, rows, more: true }
      rows.push(row.map(plain))
    }
    return { columns, rows, more: false }
  }
  let reply
  try {
    reply = answer()
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) }
  }
  process.send(reply, () => process.exit(0))
})
`
