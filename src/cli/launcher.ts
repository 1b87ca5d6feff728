/**
 * What `dstack-offers` starts: the bundled program, with the code that V8 compiled of it when it was
 * built. Compiling anew costs more than the search; V8 takes its own code back only if version and
 * flags are the same, and else compiles as ever. What a plain answer does not need is a second
 * bundle, loaded in the same way when something of it is asked for.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

/** The place of this file in the bundle, which is CommonJS. */
declare const __filename: string

type Program = (require: NodeJS.Require, filename: string, loadRest: () => unknown) => void

const compiledCode = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

const folder = dirname(__filename)

const load = (name: string): unknown => {
  const filename = join(folder, `${name}.cjs`)
  // The bundles are pure ASCII.
  const script = new Script(readFileSync(filename, 'latin1'), {
    filename,
    cachedData: compiledCode(join(folder, `${name}.cache`)),
  })
  return script.runInThisContext()
}

const filename = join(folder, 'program.cjs')
const program = load('program') as Program
program(createRequire(filename), filename, () => load('rest'))
