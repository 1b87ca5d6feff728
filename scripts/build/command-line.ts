/** Bundles the command line: a launcher, the program, and chunks for packages that few runs need. */
import { spawnSync } from 'node:child_process'
import { chmodSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild'
import { statements } from '#query/statements'
import { lateBuiltins } from './late-builtins.ts'
import { type ModulePlan, planModules } from './plain-imports.ts'
import { askTheRest, restEntry, takeFromProgram } from './two-bundles.ts'

/** Packages that have a chunk of their own, loaded when first imported. */
const lazyPackages = ['cli-table3', 'undici']

/**
 * Packages that are as they were installed: they load compiled parts or read files of their own, and
 * are asked for only where something is launched.
 */
const unbundled = ['@grpc/grpc-js', '@kubernetes/client-node', 'dockerode', 'protobufjs', 'ssh2']

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

const entry = 'src/cli/main.ts'

/** What the program and the rest have in common. */
const ours = {
  ...common,
  // yaml's build for Node is CommonJS, which cannot be shaken.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  define: { 'import.meta.url': 'moduleUrl' },
  inject: ['scripts/build/module-url.ts'],
  supported: { 'dynamic-import': false },
  external: unbundled,
} satisfies BuildOptions

const plugins = [precompiledStatements, lazyChunks, lateBuiltins]

const accountOfAll = async (): Promise<Metafile> => {
  const result = await build({
    ...ours,
    plugins,
    entryPoints: [entry],
    outdir: 'dist',
    write: false,
    metafile: true,
  })
  return result.metafile
}

const program = (outdir: string, plan: ModulePlan): BuildOptions => ({
  ...ours,
  stdin: {
    contents: `import 'shared-modules'\nimport './${entry}'`,
    resolveDir: '.',
    sourcefile: 'program',
  },
  outfile: join(outdir, 'program.cjs'),
  // The launcher calls the program as a function: it is one expression.
  banner: { js: '(function (require, __filename, loadRest) {' },
  footer: { js: '})' },
  plugins: [askTheRest(plan), ...plugins],
})

const rest = (outdir: string, plan: ModulePlan): BuildOptions => ({
  ...ours,
  ...restEntry(plan),
  outfile: join(outdir, 'rest.cjs'),
  plugins: [takeFromProgram(plan), ...plugins],
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
  const plan = planModules(await accountOfAll(), entry)
  const bundles = [program(aside, plan), rest(aside, plan), launcher(aside), chunks(aside)]
  await Promise.all(bundles.map((options) => build(options)))
  chmodSync(join(aside, 'dstack-offers.cjs'), 0o755)
  rmSync(outdir, { recursive: true, force: true })
  renameSync(aside, outdir)
}

/** Needs the catalog: the code is that of runs that found offers. */
export const storeCompiledCode = (outdir: string): void => {
  for (const bundle of ['program', 'rest']) {
    const script = ['--conditions=source', '--import', 'tsx', 'scripts/build/code-cache.ts']
    const { status, stderr } = spawnSync(process.execPath, [...script, outdir, bundle], {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (status !== 0) throw new Error(`storing compiled code ended with ${status}: ${stderr}`)
  }
}
