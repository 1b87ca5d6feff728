/**
 * Makes `dist`: the library file by file with its types, the command line as one bundle with lazy
 * chunks, and the catalog compiled from the text in `catalogs/`.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackends } from '#catalog/replace'
import { readSnapshot } from '#catalog/snapshot'
import { statements } from '#query/statements'

/** The texts instead of the compiler that makes them: kysely would cost more than the search. */
const precompiledStatements: Plugin = {
  name: 'precompiled-statements',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]src[\\/]query[\\/]statements\.ts$/ }, () => ({
      contents: `export const statements = ${JSON.stringify(statements)}`,
      loader: 'js',
    }))
  },
}

const buildLibrary = (): void => {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src'], {
    stdio: 'inherit',
  })
}

const buildCommandLine = async (): Promise<void> => {
  const aside = 'dist/bin.new'
  rmSync(aside, { recursive: true, force: true })
  await build({
    entryPoints: { 'dstack-offers': 'src/cli/main.ts' },
    outdir: aside,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
    // yaml's build for Node is CommonJS, which cannot be shaken.
    alias: { yaml: './node_modules/yaml/browser/index.js' },
    // The packages that are CommonJS ask for Node's own modules.
    banner: {
      js: "import { createRequire as require_ } from 'node:module'; const require = require_(import.meta.url);",
    },
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    plugins: [precompiledStatements],
    logLevel: 'warning',
  })
  chmodSync(join(aside, 'dstack-offers.js'), 0o755)
  rmSync('dist/bin', { recursive: true, force: true })
  renameSync(aside, 'dist/bin')
}

/** Aside, then in place: whoever reads meanwhile reads the old one whole. */
const buildCatalog = (): void => {
  const aside = 'dist/catalog.sqlite.new'
  rmSync(aside, { force: true })
  const database = openWritableCatalogFile(aside)
  replaceBackends(database, readSnapshot('catalogs'))
  database.exec('VACUUM')
  database.close()
  renameSync(aside, 'dist/catalog.sqlite')
}

/** npm runs `prepare` again when npx links the package: nothing has changed then. */
const isFresh = (): boolean => {
  const outputs = ['dist/catalog.sqlite', 'dist/bin/dstack-offers.js', 'dist/api/dstack-offers.js']
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
  await buildCommandLine()
  buildCatalog()
}
