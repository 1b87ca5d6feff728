import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { aws } from '#backends/aws/backend'
import { parseInstanceTypes } from '#catalog/snapshot-rows'
import { type ImporterCase, isRow, type Row, rowsUnder } from '../../contract/importer-case.ts'
import type { Asked } from '../../contract/scripted-server.ts'
import { describedTypes, spotPrices, xmlAnswer, zoneTypesOf } from './ec2-answers.ts'
import { csvOf, idleRows, priceRows } from './price-list.ts'
import { embeddedAdvice } from './spot-advice.ts'

const lines = readFileSync('catalogs/aws/instance-types.csv', 'utf8').trimEnd().split('\n')

/** The types that come with the program. */
export const knownTypes = new Map(parseInstanceTypes(lines).map((type) => [type.name, type]))

const listedRegions = [
  'us-east-1',
  'eu-west-1',
  'af-south-1',
  'us-west-2-lax-1',
  'us-east-1-wl1-bos-wlz-1',
  'us-gov-west-1',
  'cn-north-1-pkx-1',
]

const version = '/offers/v1.0/aws/AmazonEC2/20260720200000'

const regionIndex = {
  formatVersion: 'v1.0',
  publicationDate: '2026-07-20T20:00:00Z',
  regions: Object.fromEntries(
    listedRegions.map((regionCode) => [
      regionCode,
      { regionCode, currentVersionUrl: `${version}/${regionCode}/index.json` },
    ]),
  ),
}

const openRegions = {
  regionInfo: [
    { regionName: 'us-east-1', optInStatus: 'opt-in-not-required' },
    { regionName: 'eu-west-1', optInStatus: 'opt-in-not-required' },
    { regionName: 'af-south-1', optInStatus: 'not-opted-in' },
  ].map((row) => ({ ...row, regionEndpoint: `ec2.${row.regionName}.amazonaws.com` })),
}

/** So many rows a page, the place of the next as its token. */
const paged = (form: URLSearchParams, rows: readonly Row[], perPage: number) => {
  const start = Number(form.get('NextToken') ?? '0')
  const next = start + perPage
  return {
    rows: rows.slice(start, next),
    // An empty token ends a list as well as none.
    nextToken: next < rows.length ? String(next) : '',
  }
}

/** One more than the recording has, made by hand. */
const spotIn = (region: string): readonly Row[] =>
  region === 'us-east-1'
    ? [
        ...spotPrices,
        {
          instanceType: 'g5.xlarge',
          productDescription: 'Linux/UNIX',
          spotPrice: '0.412300',
          timestamp: '2026-11-24T11:00:00.000Z',
          availabilityZone: 'us-east-1a',
        },
      ]
    : []

/** Described in every region, and in Ireland in no zone. */
const inNoZone = 'p5.48xlarge'

const seenBy = (region: string, form: URLSearchParams): unknown => {
  const action = form.get('Action')
  if (action === 'DescribeRegions') return openRegions
  if (action === 'DescribeInstanceTypes') {
    const names = new Set(zoneTypesOf(region).map(({ instanceType }) => instanceType))
    names.add(inNoZone)
    const types = describedTypes.filter(({ instanceType }) => names.has(instanceType))
    const { rows, nextToken } = paged(form, types, 15)
    return { instanceTypeSet: rows, nextToken }
  }
  if (action === 'DescribeInstanceTypeOfferings') {
    const { rows, nextToken } = paged(form, zoneTypesOf(region), 100)
    return { instanceTypeOfferingSet: rows, nextToken }
  }
  return action === 'DescribeSpotPriceHistory'
    ? { spotPriceHistorySet: spotIn(region), nextToken: '' }
    : undefined
}

const regionOfList = (path: string): string | undefined =>
  /^\/offers\/v1\.0\/aws\/AmazonEC2\/\d+\/([\w-]+)\/index\.csv$/.exec(path)?.[1]

const regionOfEc2 = ({ path, method }: Asked): string | undefined =>
  method === 'POST' ? /^\/ec2\/([\w-]+)\/$/.exec(path)?.[1] : undefined

const world = (asked: Asked): unknown => {
  if (asked.path === '/advisor/spot-advisor-data.json') return embeddedAdvice()
  if (asked.path === '/offers/v1.0/aws/AmazonEC2/current/region_index.json') return regionIndex
  const listed = regionOfList(asked.path)
  if (listed !== undefined) return { prices: priceRows(listed) }
  const region = regionOfEc2(asked)
  return region === undefined ? undefined : seenBy(region, new URLSearchParams(asked.body))
}

const reply = (answer: unknown, asked: Asked) => {
  const prices = rowsUnder(answer, 'prices')
  if (prices) return { body: csvOf(prices), headers: { 'content-type': 'text/csv' } }
  if (regionOfEc2(asked) === undefined) return { body: JSON.stringify(answer) }
  const action = new URLSearchParams(asked.body).get('Action') ?? ''
  return { body: xmlAnswer(action, answer), headers: { 'content-type': 'text/xml' } }
}

/** A block of rows that give no offer, as most of the real ones. */
const idleBlock = (bytes: number): Buffer => {
  const text = csvOf(idleRows('us-east-1')).split('\n').slice(6).join('\n')
  return Buffer.from(text.repeat(Math.ceil(bytes / text.length)))
}

/** Members of a gzip may follow each other: one block, packed once, is a file of any size. */
const grown = (asked: Asked, bytes: number) => {
  if (regionOfList(asked.path) !== 'us-east-1') return null
  const block = idleBlock(1024 * 1024)
  const member = gzipSync(block)
  const members = Array.from({ length: Math.ceil(bytes / block.length) }, () => member)
  const head = gzipSync(csvOf(priceRows('us-east-1')))
  return {
    body: Buffer.concat([head, ...members]),
    headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' },
  }
}

/** Without credentials: prices alone, machines of the embedded catalog. */
export const publicCase: ImporterCase = {
  backend: aws,
  credentials: {},
  tables: { instanceType: (name) => knownTypes.get(name) ?? null, rate: () => null },
  world,
  reply,
  grown,
  oracle: {
    'aws/us-east-1/p5.48xlarge/on-demand': '55.04',
    'aws/us-east-1/p4d.24xlarge/on-demand': '21.957642',
    'aws/us-east-1/g5.xlarge/on-demand': '1.006',
    'aws/us-east-1/g6f.large/on-demand': '0.202',
    'aws/us-east-1/t3.nano/on-demand': '0.0052',
    'aws/eu-west-1/m5.large/on-demand': '0.107',
    'aws/af-south-1/m5.large/on-demand': '0.127',
  },
  rowsOf: (answer) => rowsUnder(answer, 'prices') ?? rowsUnder(answer, 'instanceTypeSet'),
  setPrice: (row, price) => {
    if ('PricePerUnit' in row) row['PricePerUnit'] = price
  },
  setGpu: () => false,
  errorAnswer: { Errors: { Error: { Code: 'InternalError', Message: 'try again' } } },
  cutAt: null,
}

const renamed = (devices: unknown, name: string): boolean => {
  if (!Array.isArray(devices)) return false
  for (const device of devices) if (isRow(device)) device['name'] = name
  return true
}

export const awsCase: ImporterCase = {
  ...publicCase,
  credentials: {
    AWS_ACCESS_KEY_ID: 'CANARYAWSKEYID77',
    AWS_SECRET_ACCESS_KEY: 'canary-aws-secret-78',
    AWS_SESSION_TOKEN: 'canary-aws-token-79',
  },
  oracle: {
    'aws/us-east-1/p5.48xlarge/on-demand': '55.04',
    'aws/us-east-1/p5.4xlarge/on-demand': '6.88',
    'aws/us-east-1/p4de.24xlarge/on-demand': '27.44705',
    'aws/us-east-1/p5en.48xlarge/on-demand': '63.296',
    'aws/us-east-1/p6-b200.48xlarge/on-demand': '113.9328',
    'aws/us-east-1/p6-b300.48xlarge/on-demand': '142.416',
    'aws/us-east-1/g6.xlarge/on-demand': '0.8048',
    'aws/us-east-1/gr6f.4xlarge/on-demand': '1.066',
    'aws/us-east-1/g7e.2xlarge/on-demand': '3.36312',
    'aws/us-east-1/inf2.xlarge/on-demand': '0.7582',
    'aws/us-east-1/m5.large/spot': '0.0437',
    'aws/eu-west-1/p4d.24xlarge/on-demand': '23.71569',
  },
  setGpu: ({ gpuInfo, neuronInfo }, name) => {
    const gpus = isRow(gpuInfo) ? renamed(gpuInfo['gpus'], name) : false
    const devices = isRow(neuronInfo) ? renamed(neuronInfo['neuronDevices'], name) : false
    return gpus || devices
  },
}
