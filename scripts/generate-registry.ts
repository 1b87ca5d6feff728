/** Writes `src/backends/registry.ts` from the folders that have a `backend.ts`. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = 'src/backends'

export const registryFile = join(folder, 'registry.ts')

const namesWith = (file: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'backend.ts')))
    .filter((name) => existsSync(join(folder, name, file)))
    .sort()

const listOf = (names: readonly string[]): readonly string[] => [
  ...names.map((name) => `  ${name},`),
  ']',
  '',
]

/** The text of the registry, for the folders as they are. */
export const registryText = (): string => {
  const importing = namesWith('importer.ts')
  const launching = namesWith('provisioner.ts')
  const all = [...new Set([...importing, ...launching])].sort()
  return [
    '/** Made by scripts/generate-registry.ts from the folders beside it. */',
    ...all.map((name) => `import { ${name} } from './${name}/backend.ts'`),
    "import type { Backend } from './kit/importer.ts'",
    ...(launching.length > 0 ? ["import type { Launcher } from './kit/provisioner.ts'"] : []),
    '',
    '/** Every backend whose prices can be fetched, by name. */',
    'export const backends: readonly Backend[] = [',
    ...listOf(importing),
    ...(launching.length > 0
      ? [
          '/** Every backend that can launch, by name. */',
          'export const launchers: readonly Launcher[] = [',
          ...listOf(launching),
        ]
      : []),
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(registryFile, registryText())
