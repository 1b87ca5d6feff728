/** Bundles the command line: a launcher, the program, and chunks for packages that few runs need. */
import { spawnSync } from 'node:child_process'
import { chmodSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { statements } from '#query/statements'

/** Packages that have a chunk of their own, loaded when first imported. */
const lazyPackages = ['cli-table3', 'undici']

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

const lazyChunks: Plugin = {
  name: 'lazy-chunks',
  setup(builder) {
    builder.onResolve({ filter: new RegExp(`^(${lazyPackages.join('|')})$`) }, ({ path }) => ({
      path: `./chunks/${path}.cjs`,
      external: true,
    }))
  },
}

const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  conditions: ['source'],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
} satisfies BuildOptions

const program = (outdir: string): BuildOptions => ({
  ...common,
  entryPoints: { program: 'src/cli/main.ts' },
  outdir,
  outExtension: { '.js': '.cjs' },
  // yaml's build for Node is CommonJS, which cannot be shaken.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  // The launcher calls the program as a function: it is one expression.
  banner: { js: '(function (require, __filename) {' },
  footer: { js: '})' },
  define: { 'import.meta.url': 'moduleUrl' },
  inject: ['scripts/build/module-url.ts'],
  supported: { 'dynamic-import': false },
  plugins: [precompiledStatements, lazyChunks],
})

const launcher = (outdir: string): BuildOptions => ({
  ...common,
  entryPoints: { 'dstack-offers': 'src/cli/launcher.ts' },
  outdir,
  outExtension: { '.js': '.cjs' },
  banner: { js: '#!/usr/bin/env node' },
})

const chunks = (outdir: string): BuildOptions => ({
  ...common,
  entryPoints: Object.fromEntries(lazyPackages.map((name) => [name, name])),
  outdir: join(outdir, 'chunks'),
  outExtension: { '.js': '.cjs' },
})

/** Aside, then in place, so that a run meanwhile finds the old one whole. */
export const buildCommandLine = async (outdir: string): Promise<void> => {
  const aside = `${outdir}.new`
  rmSync(aside, { recursive: true, force: true })
  await Promise.all(
    [program(aside), launcher(aside), chunks(aside)].map((options) => build(options)),
  )
  chmodSync(join(aside, 'dstack-offers.cjs'), 0o755)
  rmSync(outdir, { recursive: true, force: true })
  renameSync(aside, outdir)
}

/** Needs the catalog: the code is that of runs that found offers. */
export const storeCompiledCode = (outdir: string): void => {
  const words = ['--conditions=source', '--import', 'tsx', 'scripts/build/code-cache.ts', outdir]
  const { status, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0) throw new Error(`storing compiled code ended with ${status}: ${stderr}`)
}
