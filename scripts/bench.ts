/**
 * `npm run bench [-- --full] [-- --dir DIR]`: figures beside a baseline of the same run. Needs
 * `npm run build`. Synthetic catalogs are made in DIR (a temporary folder by default) and kept for
 * the next run; `--full` adds the one of 10 million offers, which takes some minutes and 4 GB.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CatalogFile, syntheticFile } from './bench/catalog-file.ts'
import { type ColdStart, coldStarts, dstackOffers } from './bench/cold-start.ts'
import { embeddedFile } from './bench/embedded-file.ts'
import { fuzz } from './bench/fuzz.ts'
import { gatewayOverhead } from './bench/gateway-overhead.ts'
import { pythonScan } from './bench/python-scan.ts'
import { type Subject, verifiedSubject } from './bench/subject.ts'
import type { CatalogSize } from './bench/synthetic/catalog.ts'
import { warmCount, warmSearch, type WarmSearch } from './bench/warm-search.ts'

const { values: flags } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    dir: { type: 'string', default: join(tmpdir(), 'dstack-offers-bench') },
  },
})

const sizes: readonly CatalogSize[] = [
  '100k',
  '500k',
  '1M',
  ...(flags.full ? ['10M' as const] : []),
]
const rounds = 11

console.log(`Catalogs, in ${flags.dir}\n`)
const paths = new Map<string, string>()

/** Columns are for the checks alone, and dropped after them: of 10 million offers they are large. */
const checked = (file: CatalogFile): Subject => {
  paths.set(file.label, file.path)
  const rate = file.importedPerSecond
  const imported = rate === null ? 'already there' : `imported ${(rate / 1000).toFixed(0)} k/s`
  console.log(
    `  ${file.label.padEnd(9)} ${String(file.offers).padStart(9)} offers   ${file.bytesPerOffer.toFixed(1)} bytes each   ${imported}`,
  )
  return verifiedSubject(file)
}
const subjects = [
  checked(embeddedFile('dist/catalog.sqlite')),
  ...sizes.map((size) => checked(syntheticFile(flags.dir, size))),
]
const sets = subjects[0]?.sets.length ?? 0
console.log(`\n${sets} requirement sets: each answer equals that of a scan of all offers`)

const printTimes = (title: string, measured: readonly WarmSearch[]): void => {
  console.log(`\n${title}, microseconds, medians of ${rounds} interleaved rounds\n`)
  for (const { label, p50, p99, worst } of measured) {
    const [half, most] = [p50.toFixed(0), p99.toFixed(0)].map((text) => text.padStart(7))
    console.log(
      `  ${label.padEnd(9)} p50 ${half}   p99 ${most}   worst ${worst.microseconds.toFixed(0)} (${worst.kind})`,
    )
  }
}

const warm = warmSearch(subjects, rounds)
printTimes('Warm: top 50', warm)
const [smallest, largest] = [warm[1], warm.at(-1)]
if (smallest && largest) {
  const ratio = (largest.p50 / smallest.p50).toFixed(2)
  console.log(`\n  p50 at ${largest.label} : ${smallest.label}   ${ratio} x`)
  console.log(`\n  of ${largest.label}, by kind`)
  for (const { kind, p50, max } of largest.byKind) {
    console.log(`    ${kind.padEnd(24)} p50 ${p50.toFixed(0).padStart(6)}   max ${max.toFixed(0)}`)
  }
}
printTimes('Warm: how many match', warmCount(subjects, 3))

const million = syntheticFile(flags.dir, '1M')
const fuzzed = fuzz(million, 2000)
console.log(
  `\nAdversarial: ${fuzzed.sets} sets at 1M, no difference from the scan (${fuzzed.empty} empty, ${fuzzed.cut} cut at the limit)`,
)
console.log(
  `  p50 ${fuzzed.p50.toFixed(0)}   p99 ${fuzzed.p99.toFixed(0)}   slowest ${fuzzed.slowest.microseconds.toFixed(0)} µs: ${fuzzed.slowest.requirements}`,
)

const printCold = (cold: ColdStart): void =>
  console.log(
    `  ${cold.label.padEnd(34)} ${cold.ratio.toFixed(2)} x   ${cold.milliseconds.toFixed(0)} : ${cold.baselineMilliseconds.toFixed(0)} ms (+${cold.over.toFixed(1)})   peak ${cold.peakMib.toFixed(0)} : ${cold.baselinePeakMib.toFixed(0)} MiB`,
  )

console.log('\nCold: whole process beside `node -e 0`, medians of 25 interleaved rounds\n')
const example = 'examples/serve.dstack.yml'
const cold = coldStarts(
  [
    dstackOffers('serve.dstack.yml', [example]),
    dstackOffers('serve.dstack.yml -o json', [example, '-o', 'json']),
    dstackOffers('--gpu A100:2', ['--gpu', 'A100:2']),
    dstackOffers('--help', ['--help']),
    ...sizes.map((size) =>
      dstackOffers(`serve.dstack.yml, ${size}`, [example, '--catalog', paths.get(size) ?? '']),
    ),
  ],
  25,
)
cold.forEach(printCold)

const python = pythonScan(syntheticFile(flags.dir, '100k'), 5)
const ours = cold.find(({ label }) => label.endsWith('500k'))
if (python !== null && ours) {
  console.log(
    `\n  a csv scan of 100k offers in Python ${python.toFixed(0)} ms; dstack-offers of 500k ${(ours.milliseconds / python).toFixed(2)} x that`,
  )
}

await gatewayOverhead(flags.full)
