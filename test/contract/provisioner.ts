/** The contract of every provisioner: chapters P01 to P22, alone and under the runs. */
import { afterEach, describe } from 'vitest'
import { adapterChapters } from './adapter-chapters.ts'
import { type AdapterUnderTest, openAdapter } from './adapter-under-test.ts'
import type { Chapters } from './chapters.ts'
import { coreChapters } from './core-chapters.ts'
import { planChapters } from './plan-chapters.ts'
import type { ProvisionerCase } from './provisioner-case.ts'
import { rateChapters } from './rate-chapters.ts'
import { refusalChapters } from './refusal-chapters.ts'

const allChapters = (chapters: Chapters): void => {
  adapterChapters(chapters)
  refusalChapters(chapters)
  planChapters(chapters)
  rateChapters(chapters)
  coreChapters(chapters)
}

/** `write` are the chapters that are asked of it: all, where absent. */
export const provisionerContract = (
  one: ProvisionerCase,
  write: (chapters: Chapters) => void = allChapters,
): void => {
  const opened: AdapterUnderTest[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((under) => under.close()))
  })
  const chapters: Chapters = {
    one,
    open: async (knobs) => {
      const under = await openAdapter(one, knobs)
      opened.push(under)
      return under
    },
    skip: (test, chapter, reason) => {
      console.log(`${one.launcher.name}: ${chapter} skipped: ${reason}`)
      return test.skip(reason)
    },
  }
  describe(`the provisioner of ${one.launcher.name}`, () => {
    write(chapters)
  })
}
