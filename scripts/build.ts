/**
 * Makes `dist`: the library file by file with its types, the command line bundled, and the catalog
 * compiled from the text in `catalogs/`. With `--if-stale`, only where something has changed.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackends } from '#catalog/replace'
import { readSnapshot } from '#catalog/snapshot'
import { version } from '#domain/version'
import { buildCommandLine, storeCompiledCode } from './build/command-line.ts'

const buildLibrary = (): void => {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src'], {
    stdio: 'inherit',
  })
}

/** Aside, then in place: whoever reads meanwhile reads the old one whole. */
const buildCatalog = (): void => {
  const aside = 'dist/catalog.sqlite.new'
  rmSync(aside, { force: true })
  const database = openWritableCatalogFile(aside)
  const importer = `embedded with dstack-offers ${version}`
  const backends = readSnapshot('catalogs').map((backend) => ({ ...backend, importer }))
  replaceBackends(database, backends)
  database.exec('VACUUM')
  database.close()
  renameSync(aside, 'dist/catalog.sqlite')
  copyFileSync('catalogs/aws/interruption.csv', 'dist/interruption.csv')
}

/** npm runs `prepare` again when npx links the package: nothing has changed then. */
const isFresh = (): boolean => {
  const outputs = ['dist/catalog.sqlite', 'dist/bin/program.cache', 'dist/api/dstack-offers.js']
  if (!outputs.every((file) => existsSync(file))) return false
  const inputs = ['src', 'catalogs', 'scripts', 'package.json', 'tsconfig.json'].flatMap(filesOf)
  const modified = (file: string): number => statSync(file).mtimeMs
  return Math.max(...inputs.map(modified)) < Math.min(...outputs.map(modified))
}

const filesOf = (path: string): readonly string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => filesOf(join(path, name)))
    : [path]

if (process.argv.includes('--if-stale') && isFresh()) {
  console.log('dist is up to date')
} else {
  buildLibrary()
  await buildCommandLine('dist/bin')
  buildCatalog()
  storeCompiledCode('dist/bin')
}
