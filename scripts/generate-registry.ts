/** Writes `src/backends/registry.ts` from the folders that have a `backend.ts`. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = 'src/backends'

export const registryFile = join(folder, 'registry.ts')

/** The text of the registry, for the folders as they are. */
export const registryText = (): string => {
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'backend.ts')))
    .sort()
  const imports = names.map((name) => `import { ${name} } from './${name}/backend.ts'`)
  return [
    '/** Made by scripts/generate-registry.ts from the folders beside it. */',
    ...imports,
    "import type { Backend } from './kit/importer.ts'",
    '',
    '/** Every backend whose prices can be fetched, by name. */',
    'export const backends: readonly Backend[] = [',
    ...names.map((name) => `  ${name},`),
    ']',
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(registryFile, registryText())
