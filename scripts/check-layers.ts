/**
 * Runs the layer check and checks the checker: dependency-cruiser exits 0 when it could read
 * nothing, so the number of modules it cruised must equal the number of source files.
 */
import { readdirSync } from 'node:fs'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { layers } from './layers.ts'

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)

const { output } = await cruise(
  ['src'],
  { ...layers.options, ruleSet: { forbidden: layers.forbidden }, validate: true },
  layers.options.enhancedResolveOptions,
  { tsConfig: extractTSConfig('tsconfig.json') },
)
const { modules, summary } = output as ICruiseResult
const cruised = modules.filter((module) => module.source.startsWith('src/')).length

for (const violation of summary.violations) {
  console.error(`${violation.rule.name}: ${violation.from} -> ${violation.to}`)
}
if (cruised !== sources.length) {
  console.error(`layers: cruised ${cruised} modules, but src holds ${sources.length} source files`)
}
if (summary.violations.length > 0 || cruised !== sources.length) process.exit(1)
console.log(`layers: ${cruised} modules, no violations`)
