/** Answers of EC2 in its XML, made of recorded ones in the spelling of SDKs. */
import type { FakeReply } from '../../contract/fake-cloud.ts'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { readFixture } from '../read-fixture.ts'

/** `VCpuInfo` as `vCpuInfo`, `InstanceType` as `instanceType`: all the way down. */
const inWireSpelling = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inWireSpelling)
  if (!isRow(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key[0]?.toLowerCase() + key.slice(1),
      inWireSpelling(inner),
    ]),
  )
}

const fixtureRows = (name: string): Row[] => inWireSpelling(readFixture('aws', name)) as Row[]

export const describedTypes = fixtureRows('types.json')

const zoneTypes = readFixture('aws', 'zone-types.json') as Readonly<Record<string, unknown>>

export const zoneTypesOf = (region: string): Row[] =>
  (inWireSpelling(zoneTypes[region] ?? []) as Row[]).map((row) => ({
    ...row,
    locationType: 'availability-zone',
  }))

/** The wire writes times with milliseconds and `Z`. */
export const spotPrices: readonly Row[] = fixtureRows('spot-m5-large.json').map((row) => ({
  ...row,
  timestamp: String(row['timestamp']).replace('+00:00', '.000Z'),
}))

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const xmlOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map((item) => `<item>${xmlOf(item)}</item>`).join('')
  if (isRow(value)) {
    return Object.entries(value)
      .map(([key, inner]) => `<${key}>${xmlOf(inner)}</${key}>`)
      .join('')
  }
  return value === null || value === undefined
    ? ''
    : escaped(JSON.stringify(value).replace(/^"|"$/g, ''))
}

export const xmlAnswer = (action: string, value: unknown): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">` +
  `<requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>${xmlOf(value)}</${action}Response>`

export const ec2Refusal = (status: number, code: string, message: string): FakeReply => ({
  status,
  headers: { 'content-type': 'text/xml' },
  text: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>`,
})
