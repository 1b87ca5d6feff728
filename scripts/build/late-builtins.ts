/**
 * Modules of Node that few runs use, and that are slow to load: the bundle loads them when one of
 * their functions is first called.
 */
import { createRequire } from 'node:module'
import type { Plugin } from 'esbuild'

const late = ['node:crypto', 'node:child_process']

const lateFunctions = (name: string): string => {
  const loaded: unknown = createRequire(import.meta.url)(name)
  const functions = Object.entries(loaded ?? {}).filter(([, value]) => typeof value === 'function')
  return functions
    .map(([key]) => `export const ${key} = (...given) => require('${name}').${key}(...given)`)
    .join('\n')
}

export const lateBuiltins: Plugin = {
  name: 'late-builtins',
  setup(builder) {
    builder.onResolve({ filter: new RegExp(`^(${late.join('|')})$`) }, ({ path, namespace }) =>
      namespace === 'late' ? { path, external: true } : { path, namespace: 'late' },
    )
    builder.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: lateFunctions(path),
      loader: 'js',
    }))
  },
}
