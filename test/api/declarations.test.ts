/** The published declarations: whoever installs the package has the types that they name. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }

const start = join('dist', 'api', 'dstack-offers.d.ts')
const installed: Readonly<Record<string, string>> = packageJson.dependencies

/** Every module that the declarations of a file name, and of those that they lead to. */
const packagesFrom = (path: string, seen = new Set<string>()): ReadonlySet<string> => {
  const packages = new Set<string>()
  if (seen.has(path)) return packages
  seen.add(path)
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/^(?! \*).* from '([^']+)'/gm)) {
    if (name.startsWith('node:')) continue
    const own = name.startsWith('#')
      ? join('dist', `${name.slice(1)}.d.ts`)
      : name.startsWith('.')
        ? join(dirname(path), name.replace(/\.ts$/, '.d.ts'))
        : null
    if (own === null) packages.add(name)
    else for (const other of packagesFrom(own, seen)) packages.add(other)
  }
  return packages
}

const bringsTypes = (name: string): boolean => {
  const { types } = JSON.parse(
    readFileSync(join('node_modules', name, 'package.json'), 'utf8'),
  ) as {
    types?: string
  }
  return types !== undefined || `@types/${name}` in installed
}

test('the types of every package that the declarations name are installed with it', () => {
  expect(existsSync(start), 'run: npm run build').toBe(true)
  const packages = [...packagesFrom(start)]
  expect(packages).toContain('better-sqlite3')
  expect(packages.filter((name) => !(name in installed) || !bringsTypes(name))).toEqual([])
})
