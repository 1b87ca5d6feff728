/** Region by region: its price list, and with credentials what the account sees there. */
import { UpstreamCredentialsError } from '#domain/errors'
import type { ImportPage, PageAccount, Reject } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import type { Lines } from '#backends/kit/lines'
import { wholeList } from '#backends/kit/whole-list'
import { readWire } from '#backends/kit/wire'
import { awsAccess } from './credentials.ts'
import { type Ec2, newEc2, type RegionView } from './ec2.ts'
import { readPriceList, restorePriceList } from './price-list.ts'
import { chooseRegions } from './regions.ts'
import { type PriceRow, regionIndexAnswer } from './schema.ts'

export type AwsPage = ImportPage &
  (
    | { readonly kind: 'skipped'; readonly skipped: readonly Reject[] }
    | {
        readonly kind: 'region'
        readonly region: string
        readonly prices: readonly PriceRow[]
        /** Null without credentials. */
        readonly view: RegionView | null
      }
  )

/** What credentials open. */
interface Account {
  readonly ec2: Ec2
  readonly home: string
  readonly enabled: ReadonlySet<string>
}

export const indexList = 'regions'

const openAccount = async (io: ImportIo): Promise<Account | null> => {
  const access = await awsAccess(io)
  if (access === null) return null
  const ec2 = newEc2(io, access.keys)
  return { ec2, home: access.home, enabled: await ec2.regions(access.home) }
}

/** Null where the region is closed to credentials that are good at home; there it is they that lack rights. */
const viewOf = async ({ ec2, home }: Account, region: string): Promise<RegionView | null> => {
  try {
    return await ec2.view(region)
  } catch (error) {
    if (error instanceof UpstreamCredentialsError && region !== home) return null
    throw error
  }
}

const skippedPage = (io: ImportIo, account: PageAccount, skipped: readonly Reject[]): AwsPage => ({
  kind: 'skipped',
  skipped,
  account,
  malformed: [],
  observation: io.observation,
})

/** `/offers/v1.0/aws/AmazonEC2/20260720200000/us-east-1/index.csv`: what is there never changes. */
const namesVersion = /\/\d{14}\//

const regionPage = async (
  io: ImportIo,
  region: string,
  path: string,
  view: RegionView | null,
): Promise<AwsPage> => {
  const call = { path, headers: { accept: 'text/csv' } }
  const read = (lines: Lines) => readPriceList(lines, region)
  const { prices, malformed: rows } = await (namesVersion.test(path)
    ? io.linesOnce(call, read, { list: region, restore: restorePriceList })
    : io.lines(call, read))
  const malformed = [...rows, ...(view?.malformed ?? [])]
  const account = {
    ...wholeList(region, prices.length + malformed.length),
    more: view?.isWhole === false,
  }
  return { kind: 'region', region, prices, view, malformed, account, observation: io.observation }
}

export async function* fetchPages(io: ImportIo): AsyncGenerator<AwsPage> {
  const account = await openAccount(io)
  const path = '/offers/v1.0/aws/AmazonEC2/current/region_index.json'
  const index = readWire(regionIndexAnswer, await io.json({ path }), 'aws index of regions')
  const paths = new Map(
    Object.entries(index.regions).map(([region, { currentVersionUrl: url }]) => [
      region,
      url.replace(/\.json$/, '.csv'),
    ]),
  )
  const { regions, skipped } = chooseRegions([...paths.keys()], account?.enabled ?? null)
  const unlisted = [...(account?.enabled ?? [])].filter((region) => !paths.has(region))
  const announces = [...regions, ...unlisted]
  yield skippedPage(io, { ...wholeList(indexList, paths.size), announces }, skipped)
  let isClosed = false
  for (const region of regions) {
    const view = account === null ? null : await viewOf(account, region)
    if (account !== null && view === null) {
      isClosed = true
      const reject = { reason: 'region closed to these credentials', row: region }
      yield skippedPage(io, wholeList(region, 1), [reject])
    } else yield await regionPage(io, region, paths.get(region) ?? '', view)
  }
  // Credentials that ran out on the way look like closed regions.
  if (account !== null && isClosed) await account.ec2.regions(account.home)
}
