/** What the chapters do with an adapter again and again. */
import type { Created, Observed } from '#backends/kit/provisioner'
import {
  type AdapterUnderTest,
  listedOf,
  planOf,
  requestOf,
  tagsOf,
  theOwner,
} from './adapter-under-test.ts'

export const create = (under: AdapterUnderTest, attempt = 1): Promise<Created> =>
  under.provisioner.create(
    under.io(),
    planOf(under, under.one.offers[0], requestOf(under, tagsOf(attempt))),
  )

export const observe = (under: AdapterUnderTest, { ref }: Created): Promise<Observed> =>
  under.provisioner.observe(under.io(), ref)

export const instancesOf = async (
  under: AdapterUnderTest,
  owner = theOwner,
): Promise<readonly Observed[]> =>
  (await listedOf(under, owner)).flatMap((one) => ('instance' in one ? [one.instance] : []))

/** Where the machine, or what it runs, answers. */
export const addressOf = ({ ssh, service }: Observed): string | null =>
  (ssh ?? service)?.host ?? null

export const untilGone = async (under: AdapterUnderTest, { ref }: Created): Promise<void> => {
  for (let calls = 0; calls < 50; calls++) {
    if ((await under.provisioner.destroy(under.io(), ref)) === 'gone') return
    under.clock.advance(5000)
  }
  throw new Error('it is still there')
}

/** Until it runs and has an address. */
export const grow = (under: AdapterUnderTest): void => {
  const { bootMs, addressMs } = under.fake.model.knobs
  under.clock.advance(Math.max(bootMs, addressMs) + 1)
}

export const isLost = ({ phase }: Observed): boolean => phase === 'failed' || phase === 'gone'
