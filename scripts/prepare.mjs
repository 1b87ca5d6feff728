/** Builds the program after an install, where the development packages that build it are there. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const { resolve } = createRequire(import.meta.url)

const hasBuilder = () => {
  try {
    return resolve('tsx') !== ''
  } catch {
    return false
  }
}

if (hasBuilder()) {
  const words = ['--import', 'tsx', '-C', 'source', 'scripts/build.ts', '--if-stale']
  process.exitCode = spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1
} else {
  console.log('not built: without the development packages there is nothing to build it with')
}
