/** `npm run bench`: figures beside a baseline of the same run. Needs `npm run build`. */
import { coldStart } from './bench/cold-start.ts'
import { warmSearch } from './bench/warm-search.ts'

const example = 'examples/serve.dstack.yml'

console.log('Cold: whole process beside `node -e 0`, interleaved pairs, medians\n')
for (const words of [[example], [example, '-o', 'json'], ['--gpu', 'A100:2'], ['--help']]) {
  const { command, pairs, milliseconds, baselineMilliseconds, ratio } = coldStart(words, 25)
  const times = `${milliseconds.toFixed(0)} ms : ${baselineMilliseconds.toFixed(0)} ms`
  console.log(`  ${command.padEnd(48)} ${ratio.toFixed(2)} x   (${times}, ${pairs} pairs)`)
}

const warm = warmSearch('dist/catalog.sqlite')
console.log(`\nWarm: top 50, ${warm.sets} requirement sets, ${warm.offers} offers`)
console.log('each answer verified by a scan of all offers before it is timed\n')
for (const { kind, p50, max } of warm.byKind) {
  console.log(
    `  ${kind.padEnd(24)} p50 ${p50.toFixed(0).padStart(6)} µs   max ${max.toFixed(0)} µs`,
  )
}
console.log(`\n  all   p50 ${warm.p50.toFixed(0)} µs   p99 ${warm.p99.toFixed(0)} µs`)
console.log(`  worst ${warm.worst.microseconds.toFixed(0)} µs (${warm.worst.kind})`)
console.log(
  `  scan  p50 ${warm.scanP50.toFixed(0)} µs, ${(warm.scanP50 / warm.p50).toFixed(0)} x the search`,
)
