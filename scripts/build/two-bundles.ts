/** How the program and the rest reach each other's modules, each of which exists once. */
import { relative, resolve } from 'node:path'
import type { BuildOptions, OnResolveResult, Plugin, PluginBuild } from 'esbuild'
import type { ModulePlan } from './plain-imports.ts'

const asked = Symbol('resolved by us')

/** The path below this folder that an import leads to. */
const pathOf = async (
  builder: PluginBuild,
  { path, importer, resolveDir }: { path: string; importer: string; resolveDir: string },
): Promise<string> => {
  const kind = 'import-statement'
  const found = await builder.resolve(path, { importer, resolveDir, kind, pluginData: asked })
  return relative('.', found.path)
}

const sharing = ({ sharedAtOnce, sharedWhenNeeded }: ModulePlan): string =>
  [
    ...sharedAtOnce.map((path, at) => `import * as shared${at} from '${resolve(path)}'`),
    'export const shared = {',
    ...sharedAtOnce.map((path, at) => `  '${path}': () => shared${at},`),
    ...sharedWhenNeeded.map((path) => `  '${path}': () => require('${resolve(path)}'),`),
    '}',
    'let rest',
    'export const fromRest = (path) =>',
    '  (rest ??= loadRest(path)(require, __filename, shared))[path]()',
  ].join('\n')

/** In the program: imports of what the rest holds load the rest, with what the program shares. */
export const askTheRest = (plan: ModulePlan): Plugin => ({
  name: 'ask-the-rest',
  setup(builder) {
    const { rest } = plan
    builder.onResolve({ filter: /^([.#]|shared-modules$)/ }, async (given) => {
      if (given.path === 'shared-modules') return { path: given.path, namespace: 'shared-modules' }
      if (given.pluginData === asked || given.kind !== 'dynamic-import') return undefined
      const path = await pathOf(builder, given)
      return rest.has(path) ? ({ path, namespace: 'rest' } satisfies OnResolveResult) : undefined
    })
    builder.onLoad({ filter: /.*/, namespace: 'shared-modules' }, () => ({
      contents: sharing(plan),
      loader: 'js',
      resolveDir: resolve('.'),
    }))
    builder.onLoad({ filter: /.*/, namespace: 'rest' }, ({ path }) => ({
      contents: `module.exports = require('shared-modules').fromRest('${path}')`,
      loader: 'js',
      resolveDir: resolve('.'),
    }))
  },
})

/** In the rest: modules of the program are those of the program. */
export const takeFromProgram = ({ plain }: ModulePlan): Plugin => ({
  name: 'take-from-program',
  setup(builder) {
    builder.onResolve({ filter: /^[.#]/ }, async (given) => {
      if (given.pluginData === asked) return undefined
      const path = await pathOf(builder, given)
      return plain.has(path) ? { path, namespace: 'program' } : undefined
    })
    builder.onLoad({ filter: /.*/, namespace: 'program' }, ({ path }) => ({
      contents: `module.exports = shared['${path}']()`,
      loader: 'js',
    }))
  },
})

/** The rest as one function of what it needs, giving a table of its modules. */
export const restEntry = ({
  rest,
}: ModulePlan): Pick<BuildOptions, 'stdin' | 'banner' | 'footer'> => ({
  stdin: {
    contents: [...rest].map((path) => `exports['${path}'] = () => require('./${path}')`).join('\n'),
    resolveDir: resolve('.'),
    sourcefile: 'rest',
    loader: 'js',
  },
  banner: {
    js: '(function (require, __filename, shared) { const module = { exports: {} }, exports = module.exports;',
  },
  footer: { js: 'return module.exports })' },
})
