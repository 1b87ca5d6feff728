/** The program's answers against a verifier that shares no code with it. */
import { expect, test } from 'vitest'
import { verifyAnswer } from '../../scripts/verify-certificate.ts'
import { seeded } from '../random.ts'
import { offersAnswer, planAnswer, randomCase, randomCatalog } from './answers.ts'

const catalogs = 400
const casesPerCatalog = 250

test('every answer holds, whatever the catalog, the requirements and the limit', () => {
  const random = seeded(20_260_801)
  const failed: string[] = []
  let [cases, informative, cut, empty] = [0, 0, 0, 0]
  for (let round = 0; round < catalogs; round++) {
    const { offers, catalog, rows, close } = randomCatalog(random)
    for (let index = 0; index < casesPerCatalog; index++) {
      const { requirements, limit } = randomCase(random, offers)
      const answer = index % 2 === 0 ? planAnswer : offersAnswer
      const document = answer(catalog, requirements, limit)
      const wrong = verifyAnswer(document, rows)
      if (wrong.length > 0) failed.push(`${wrong.join('; ')} for ${JSON.stringify(requirements)}`)
      const { matched, shown } = document.certificate
      cases++
      if (matched > 0 && matched < offers.length) informative++
      if (shown < matched) cut++
      if (matched === 0) empty++
    }
    close()
  }
  expect(failed.slice(0, 3)).toEqual([])
  expect(cases).toBe(100_000)
  // A proof over answers that are all empty, or all complete, says little.
  expect(informative).toBeGreaterThan(35_000)
  expect(cut).toBeGreaterThan(15_000)
  expect(empty).toBeGreaterThan(5_000)
}, 300_000)
