import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { backends } from '#backends/registry'
import { backendNames } from '#domain/backend'
import { registryFile, registryText } from '../../scripts/generate-registry.ts'

test('the registry is made from the folders: npx tsx -C source scripts/generate-registry.ts', () => {
  expect(readFileSync(registryFile, 'utf8')).toBe(registryText())
})

describe.each(backends.map((backend) => [backend.name, backend] as const))(
  '%s',
  (name, backend) => {
    test('has the name of a backend, and of its folder', () => {
      expect(backendNames).toContain(name)
      expect(existsSync(join('src/backends', name, 'importer.ts'))).toBe(true)
    })

    test('tells its source, its credentials, its quirks and what was checked', () => {
      const readme = readFileSync(join('src/backends', name, 'README.md'), 'utf8')
      for (const heading of ['Source of prices', 'Credentials', 'Quirks', 'Last checked']) {
        expect(readme).toContain(`## ${heading}`)
      }
    })

    test('goes through the contract', () => {
      expect(readdirSync(join('test/backends', name))).toContain('contract.test.ts')
    })

    test('is asked by https', () => {
      expect(backend.endpoint).toMatch(/^https:\/\/[^/]+$/)
    })
  },
)
