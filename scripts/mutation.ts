/**
 * `npm run mutation [-- FILE...]`: changes the files that match and rank, one small change at a
 * time, and runs their tests against each. A change that no test notices survives; at least 90 % must
 * not, and the rest are listed, with a reason, in `scripts/mutation/survivors.md`. Takes minutes.
 */
import { readFileSync } from 'node:fs'
import { type Mutant, mutantsOf } from './mutation/mutants.ts'
import { explainedSurvivors, nameOf } from './mutation/survivors.ts'
import { openWorkshop } from './mutation/workshop.ts'

const judged = [
  'src/query/matches.ts',
  'src/query/admitted-counts.ts',
  'src/query/lower.ts',
  'src/query/bounds.ts',
  'src/offers/ranked-offer.ts',
  'src/offers/cell.ts',
  'src/offers/visits.ts',
  'src/offers/region-cells.ts',
  'src/offers/request.ts',
  'src/offers/first-offers.ts',
  'src/offers/first-in-regions.ts',
  'src/offers/count-offers.ts',
  'src/offers/search-file.ts',
]
const tests = ['test/offers/', 'test/query/']
const workers = 2
const least = 0.9

const files = process.argv.length > 2 ? process.argv.slice(2) : judged
const mutants = files.flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')))
console.log(`${mutants.length} mutants of ${files.length} files`)

const survivors: Mutant[] = []
const queue = [...mutants]
const work = async (): Promise<void> => {
  const workshop = openWorkshop(tests)
  try {
    if (!(await workshop.passesUnchanged())) throw new Error('the tests fail as things are')
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      if ((await workshop.judge(mutant)) === 'survived') {
        survivors.push(mutant)
        console.log(`  survived: ${nameOf(mutant)} (line ${mutant.line})`)
      }
    }
  } finally {
    workshop.close()
  }
}
await Promise.all(Array.from({ length: workers }, work))

const rate = 1 - survivors.length / mutants.length
const explained = explainedSurvivors('scripts/mutation/survivors.md')
const unexplained = survivors.map(nameOf).filter((name) => !explained.has(name))
console.log(
  `\nkilled ${mutants.length - survivors.length} of ${mutants.length}: ${(100 * rate).toFixed(1)} %`,
)
for (const file of files) {
  const own = mutants.filter((mutant) => mutant.file === file).length
  const left = survivors.filter((mutant) => mutant.file === file).length
  console.log(`  ${file.padEnd(34)} ${own - left} of ${own}`)
}
if (unexplained.length > 0) {
  console.log(`\nnot in survivors.md:\n${unexplained.map((name) => `- \`${name}\``).join('\n')}`)
}
process.exitCode = rate < least || unexplained.length > 0 ? 1 : 0
