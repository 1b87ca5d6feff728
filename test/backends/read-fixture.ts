import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The JSON of a file under a backend's fixtures. */
export const readFixture = (backend: string, name: string): unknown =>
  JSON.parse(readFileSync(join('test/backends', backend, 'fixtures', name), 'utf8'))
