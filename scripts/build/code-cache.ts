/**
 * Runs a bundle in this process, as the launcher does, and stores what V8 compiled: after a run the
 * functions that a run needs are among it. Started by the build, for each bundle in a process of its
 * own, with what users type most.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { Script } from 'node:vm'

type Program = (
  require: NodeJS.Require,
  filename: string,
  loadRest: (path: string) => unknown,
) => void

const file = 'examples/serve.dstack.yml'
/** Few: code that a run does not need costs it time to take back. */
const plain = [[file], ['--gpu', 'A100:2']]
const others = [
  [file, '--why'],
  [file, '--group-by', 'gpu'],
  [file, '--explain', '1'],
  [file, '--for', '8h', '-o', 'csv'],
  ['gpus'],
  ['catalog'],
  ['check', file],
  ['plan', file],
]

const folder = resolve(process.argv[2] ?? '')
const stored = process.argv[3] === 'rest' ? 'rest' : 'program'

const scriptOf = (name: string): Script => {
  const filename = resolve(folder, `${name}.cjs`)
  return new Script(readFileSync(filename, 'latin1'), { filename })
}

const scripts = { program: scriptOf('program'), rest: scriptOf('rest') }
const loadRest = (path: string): unknown => {
  if (stored === 'rest') return scripts.rest.runInThisContext()
  console.error(`a plain answer needs ${path}: it belongs to scripts/build/plain-imports.ts`)
  process.exit(1)
}
const filename = resolve(folder, 'program.cjs')
const program = scripts.program.runInThisContext() as Program
for (const words of stored === 'rest' ? others : plain) {
  process.argv = [process.argv[0] ?? 'node', 'dstack-offers', ...words]
  program(createRequire(filename), filename, loadRest)
}
process.on('exit', () => {
  writeFileSync(resolve(folder, `${stored}.cache`), scripts[stored].createCachedData())
})
