/** The contract of every provisioner: chapters P01 to P22, alone and under the runs. */
import { afterEach, describe } from 'vitest'
import { adapterChapters } from './adapter-chapters.ts'
import { type AdapterUnderTest, openAdapter } from './adapter-under-test.ts'
import type { Chapters } from './chapters.ts'
import { coreChapters } from './core-chapters.ts'
import { planChapters } from './plan-chapters.ts'
import type { ProvisionerCase } from './provisioner-case.ts'
import { refusalChapters } from './refusal-chapters.ts'

export const provisionerContract = (one: ProvisionerCase): void => {
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
    adapterChapters(chapters)
    refusalChapters(chapters)
    planChapters(chapters)
    coreChapters(chapters)
  })
}
