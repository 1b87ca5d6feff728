import { ImportRejectedError } from '#domain/errors'

/** vCPU and memory of an instance type, as the table of machine types states them. */
export interface ListedType {
  readonly cpus: number
  readonly memoryGib: number
  readonly deprecated: boolean
}

/** Where instance types and accelerators are to be had: name -> regions. */
export interface Places {
  readonly ofType: ReadonlyMap<string, ReadonlySet<string>>
  readonly ofAccelerator: ReadonlyMap<string, ReadonlySet<string>>
}

type Row = (column: string) => string

const readRows = (text: string, columns: readonly string[]): Row[] => {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '')
  const header = head.split(';')
  const missing = columns.find((column) => !header.includes(column))
  if (missing !== undefined) {
    throw new ImportRejectedError(`A table of GCP has no column "${missing}".`, {
      hint: `Expected columns separated by semicolons: ${columns.join(';')}`,
    })
  }
  return lines.map((line) => {
    const cells = line.split(';')
    return (column) => cells[header.indexOf(column)] ?? ''
  })
}

/** The table of machine types, by name. */
export const readTypes = (text: string): ReadonlyMap<string, ListedType> =>
  new Map(
    readRows(text, ['NAME', 'CPUS', 'MEMORY_GB', 'DEPRECATED']).map((row) => [
      row('NAME'),
      {
        cpus: Number(row('CPUS')),
        memoryGib: Number(row('MEMORY_GB')),
        deprecated: row('DEPRECATED') !== '',
      },
    ]),
  )

/** `us-central1` of `us-central1-a`. */
const regionOf = (zone: string): string => zone.replace(/-[a-z]+$/, '')

const readRegions = (text: string): ReadonlyMap<string, ReadonlySet<string>> => {
  const regions = new Map<string, Set<string>>()
  for (const row of readRows(text, ['NAME', 'ZONE'])) {
    const found = regions.get(row('NAME')) ?? new Set()
    regions.set(row('NAME'), found.add(regionOf(row('ZONE'))))
  }
  return regions
}

/** The two lists of zones, brought down to regions. */
export const readPlaces = (typeZones: string, acceleratorZones: string): Places => ({
  ofType: readRegions(typeZones),
  ofAccelerator: readRegions(acceleratorZones),
})
