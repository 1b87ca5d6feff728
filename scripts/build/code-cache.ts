/**
 * Runs the bundled program in this process, as the launcher does, and stores what V8 compiled: after
 * a run the functions that a run needs are among it. Started by the build, in a process of its own.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { Script } from 'node:vm'

type Program = (require: NodeJS.Require, filename: string) => void

/** What users type most. */
const requests = [
  ['examples/serve.dstack.yml'],
  ['examples/serve.dstack.yml', '-o', 'json'],
  ['--gpu', 'A100:2'],
  ['--help'],
]

const filename = resolve(process.argv[2] ?? '', 'program.cjs')
const script = new Script(readFileSync(filename, 'utf8'), { filename })
const program = script.runInThisContext() as Program
for (const words of requests) {
  process.argv = [process.argv[0] ?? 'node', 'dstack-offers', ...words]
  program(createRequire(filename), filename)
}
process.on('exit', () => {
  writeFileSync(resolve(filename, '..', 'program.cache'), script.createCachedData())
})
