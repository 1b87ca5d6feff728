/** What a chapter of the contract is given. */
import type { TestContext } from 'vitest'
import type { AdapterUnderTest } from './adapter-under-test.ts'
import type { FakeKnobs } from './fake-cloud.ts'
import type { ProvisionerCase } from './provisioner-case.ts'

export interface Chapters {
  readonly one: ProvisionerCase
  /** A fresh cloud; closed after the test. */
  readonly open: (knobs?: Partial<FakeKnobs>) => Promise<AdapterUnderTest>
  /** A chapter that says nothing about this backend, and why. */
  readonly skip: (test: TestContext, chapter: string, reason: string) => never
}
