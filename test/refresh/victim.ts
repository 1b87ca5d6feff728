/**
 * A refresh in a process of its own, which kills itself with SIGKILL right before a given step. A step
 * is a call that changes a file: of Node's file system, or of SQLite. `VICTIM` says which refresh, and
 * at which step; without a step it prints how many there are.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import Database from 'better-sqlite3'
import { cloudrift } from '#backends/cloudrift/backend'
import { vultr } from '#backends/vultr/backend'
import { refresh } from '#refresh/refresh'

export interface Order {
  readonly environment: Readonly<Record<string, string>>
  /** Null for a refresh that nobody kills. */
  readonly killAt: number | null
}

const { environment, killAt } = JSON.parse(process.env['VICTIM'] ?? '') as Order

let steps = 0
const step = (): void => {
  if (steps === killAt) process.kill(process.pid, 'SIGKILL')
  steps += 1
}

type Method = (...given: never[]) => unknown

/** Each method counts as a step, and then does what it did. */
const count = (target: object, names: readonly string[]): void => {
  for (const name of names) {
    const own: unknown = Reflect.get(target, name)
    if (typeof own !== 'function') throw new Error(`nothing called "${name}" to count`)
    const counted = function (this: unknown, ...given: never[]): unknown {
      step()
      return (own as Method).apply(this, given)
    }
    Reflect.set(target, name, counted)
  }
}

count(fs, ['mkdirSync', 'renameSync', 'rmSync', 'writeFileSync', 'readdirSync', 'statSync'])
syncBuiltinESMExports()
count(Database.prototype, ['exec', 'pragma', 'prepare', 'close'])
const probe = new Database(':memory:')
count(Object.getPrototypeOf(probe.prepare('SELECT 1')) as object, ['run'])
probe.close()

steps = 0
process.stdout.write('ready\n')
await refresh({ backends: [vultr, cloudrift], environment, force: true })
process.stdout.write(`${steps} steps\n`)
