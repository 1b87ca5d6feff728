/** What an account sees of EC2: its Query protocol, every call signed. */
import { digestLines } from '#platform/digest'
import type { ImportIo } from '#backends/kit/io'
import type { Reject } from '#backends/kit/importer'
import { type LooseRows, readWire } from '#backends/kit/wire'
import {
  type DescribedType,
  regionsAnswer,
  spotAnswer,
  type SpotPrice,
  typesAnswer,
  type ZoneType,
  zoneTypesAnswer,
} from './schema.ts'
import { type AwsKeys, formType, signatureHeaders } from './sigv4.ts'
import { readXml } from './xml.ts'

type Texts = Readonly<Record<string, string>>

/** A region as the account sees it. */
export interface RegionView {
  readonly types: readonly DescribedType[]
  /** Types that one of the zones at least has. */
  readonly inZones: ReadonlySet<string>
  readonly spot: readonly SpotPrice[]
  readonly malformed: readonly Reject[]
  /** False where a list went in a circle, or a page of it came twice. */
  readonly isWhole: boolean
}

export interface Ec2 {
  /** Regions that are open to the account. */
  regions(home: string): Promise<ReadonlySet<string>>
  view(region: string): Promise<RegionView>
}

interface Listed<Row> {
  readonly rows: readonly Row[]
  readonly malformed: readonly Reject[]
  readonly isWhole: boolean
}

interface Listing<Row> {
  readonly action: string
  readonly parameters: Texts
  readonly read: (value: unknown, what: string) => ListedRows<Row>
}

interface ListedRows<Row> {
  readonly rows: LooseRows<Row>
  readonly nextToken: string | null
}

const typesListing: Listing<DescribedType> = {
  action: 'DescribeInstanceTypes',
  parameters: { MaxResults: '100' },
  read: (value, what) => {
    const { instanceTypeSet: rows, nextToken } = readWire(typesAnswer, value, what)
    return { rows, nextToken }
  },
}

const zonesListing: Listing<ZoneType> = {
  action: 'DescribeInstanceTypeOfferings',
  parameters: { LocationType: 'availability-zone', MaxResults: '1000' },
  read: (value, what) => {
    const { instanceTypeOfferingSet: rows, nextToken } = readWire(zoneTypesAnswer, value, what)
    return { rows, nextToken }
  },
}

/** From now until now: the price in force, once for every type and zone. */
const spotListing = (now: string): Listing<SpotPrice> => ({
  action: 'DescribeSpotPriceHistory',
  parameters: {
    StartTime: now,
    EndTime: now,
    'ProductDescription.1': 'Linux/UNIX',
    MaxResults: '1000',
  },
  read: (value, what) => {
    const { spotPriceHistorySet: rows, nextToken } = readWire(spotAnswer, value, what)
    return { rows, nextToken }
  },
})

/** `us-west-2a`; a local zone such as `us-west-2-lax-1a` is another place, with machines and prices of its own. */
const isZoneOf = (region: string, zone: string): boolean =>
  zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length))

export const newEc2 = (io: ImportIo, keys: AwsKeys): Ec2 => {
  const ask = async (region: string, action: string, parameters: Texts): Promise<unknown> => {
    const { text } = await io.answer({
      host: 'ec2',
      region,
      path: '/',
      headers: { accept: 'text/xml' },
      form: { Action: action, Version: '2016-11-15', ...parameters },
      sign: (call) => signatureHeaders(call, keys, { region, service: 'ec2' }, formType),
    })
    return readXml(text, `aws ${action} of ${region}`)
  }

  const list = async <Row>(
    region: string,
    { action, parameters, read }: Listing<Row>,
  ): Promise<Listed<Row>> => {
    const all: Row[] = []
    const malformed: Reject[] = []
    const seen = new Set<string>()
    for (let token = ''; !seen.has(token);) {
      seen.add(token)
      const page = token === '' ? parameters : { ...parameters, NextToken: token }
      const value = await ask(region, action, page)
      const { rows, nextToken } = read(value, `aws ${action} of ${region}`)
      const content = digestLines([JSON.stringify(rows)])
      // Pages of spot prices may be empty; others do not come twice.
      if (rows.count > 0 && seen.has(content)) break
      seen.add(content)
      all.push(...rows.rows)
      malformed.push(...rows.malformed)
      token = nextToken ?? ''
      if (token === '') return { rows: all, malformed, isWhole: true }
    }
    return { rows: all, malformed, isWhole: false }
  }

  return {
    regions: async (home) => {
      const value = await ask(home, 'DescribeRegions', { AllRegions: 'true' })
      const { regionInfo } = readWire(regionsAnswer, value, 'aws DescribeRegions')
      const open = regionInfo.filter(({ optInStatus: status }) => status !== 'not-opted-in')
      return new Set(open.map(({ regionName }) => regionName))
    },
    view: async (region) => {
      const types = await list(region, typesListing)
      const inZones = await list(region, zonesListing)
      const spot = await list(region, spotListing(io.observation.observedAt))
      return {
        types: types.rows,
        inZones: new Set(
          inZones.rows
            .filter(({ location }) => isZoneOf(region, location))
            .map(({ instanceType }) => instanceType),
        ),
        spot: spot.rows.filter(({ availabilityZone }) => isZoneOf(region, availabilityZone)),
        malformed: [...types.malformed, ...inZones.malformed, ...spot.malformed],
        isWhole: types.isWhole && inZones.isWhole && spot.isWhole,
      }
    },
  }
}
