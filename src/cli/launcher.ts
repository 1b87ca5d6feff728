/**
 * What `dstack-offers` starts: the bundled program, with the code that V8 compiled of it when it was
 * built. Compiling anew costs more than the search; V8 takes its own code back only if version and
 * flags are the same, and else compiles as ever.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

/** The place of this file in the bundle, which is CommonJS. */
declare const __filename: string

type Program = (require: NodeJS.Require, filename: string) => void

const compiledCode = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

const folder = dirname(__filename)
const filename = join(folder, 'program.cjs')
const script = new Script(readFileSync(filename, 'utf8'), {
  filename,
  cachedData: compiledCode(join(folder, 'program.cache')),
})
const program = script.runInThisContext() as Program
program(createRequire(filename), filename)
