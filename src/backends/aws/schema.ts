/** The answers of the price list, EC2 and STS, in their spelling. */
import * as z from 'zod/mini'
import { type LooseRows, looseRows, optional } from '#backends/kit/wire'

export const regionIndexAnswer = z.object({
  regions: z.record(z.string(), z.object({ currentVersionUrl: z.string() })),
})

/** Columns of a region's price list that are read, by a name of ours. */
export const priceColumns = {
  term: 'TermType',
  unit: 'Unit',
  price: 'PricePerUnit',
  currency: 'Currency',
  instanceType: 'Instance Type',
  region: 'Region Code',
  tenancy: 'Tenancy',
  system: 'Operating System',
  preInstalled: 'Pre Installed S/W',
  capacity: 'CapacityStatus',
  market: 'MarketOption',
  operation: 'operation',
  generationIsCurrent: 'Current Generation',
  cpus: 'vCPU',
  memory: 'Memory',
  gpus: 'GPU',
  processor: 'Physical Processor',
} as const

export type PriceRow = Readonly<Record<keyof typeof priceColumns, string>>

/** A row under our names; `cell` reads a column, empty where there is nothing. */
export const priceRowOf = (cell: (column: string) => string): PriceRow => ({
  term: cell(priceColumns.term),
  unit: cell(priceColumns.unit),
  price: cell(priceColumns.price),
  currency: cell(priceColumns.currency),
  instanceType: cell(priceColumns.instanceType),
  region: cell(priceColumns.region),
  tenancy: cell(priceColumns.tenancy),
  system: cell(priceColumns.system),
  preInstalled: cell(priceColumns.preInstalled),
  capacity: cell(priceColumns.capacity),
  market: cell(priceColumns.market),
  operation: cell(priceColumns.operation),
  generationIsCurrent: cell(priceColumns.generationIsCurrent),
  cpus: cell(priceColumns.cpus),
  memory: cell(priceColumns.memory),
  gpus: cell(priceColumns.gpus),
  processor: cell(priceColumns.processor),
})

const keptRow = z.object(
  Object.fromEntries(Object.keys(priceColumns).map((name) => [name, z.string()])) as Record<
    keyof PriceRow,
    z.ZodMiniString
  >,
)

/** What was read of a price list, as it is remembered. */
export const keptPriceList = z.object({
  prices: z.array(keptRow),
  malformed: z.array(z.object({ reason: z.string(), row: z.string() })),
})

/** EC2 writes a list without items as an empty element. */
const list = <T>(row: z.ZodMiniType<T>): z.ZodMiniType<LooseRows<T>> =>
  z.pipe(
    z.pipe(
      z.unknown(),
      z.transform((value): unknown => (value === '' ? [] : value)),
    ),
    looseRows(row),
  )

const texts = z.array(z.string())

const figure = z.pipe(
  z.string().check(z.regex(/^\d+(\.\d+)?$/)),
  z.transform((text): number => Number(text)),
)

const gpu = z.object({
  name: z.string(),
  count: figure,
  logicalGpuCount: optional(figure),
  gpuPartitionSize: optional(figure),
  memoryInfo: z.object({ sizeInMiB: figure }),
})

const neuronDevice = z.object({ name: z.string(), count: figure })

const describedType = z.object({
  instanceType: z.string(),
  vCpuInfo: z.object({ defaultVCpus: figure }),
  memoryInfo: z.object({ sizeInMiB: figure }),
  processorInfo: z.object({ supportedArchitectures: texts }),
  gpuInfo: optional(z.object({ gpus: z.array(gpu) })),
  neuronInfo: optional(z.object({ neuronDevices: z.array(neuronDevice) })),
  fpgaInfo: optional(z.unknown()),
  mediaAcceleratorInfo: optional(z.unknown()),
})

const zoneType = z.object({ instanceType: z.string(), location: z.string() })

const spotPrice = z.object({
  instanceType: z.string(),
  productDescription: z.string(),
  spotPrice: z.string(),
  timestamp: z.string(),
  availabilityZone: z.string(),
})

const more = { nextToken: optional(z.string()) }

export const typesAnswer = z.object({ instanceTypeSet: list(describedType), ...more })
export const zoneTypesAnswer = z.object({ instanceTypeOfferingSet: list(zoneType), ...more })
export const spotAnswer = z.object({ spotPriceHistorySet: list(spotPrice), ...more })

export const regionsAnswer = z.object({
  regionInfo: z.array(z.object({ regionName: z.string(), optInStatus: z.string() })),
})

const advice = z.object({ r: z.number() })

/** By region, then instance type; of the systems, Linux alone is read. */
export const spotAdvice = z.object({
  ranges: z.array(z.object({ index: z.number(), label: z.string() })),
  spot_advisor: z.record(
    z.string(),
    z.object({ Linux: optional(z.record(z.string(), z.unknown())) }),
  ),
})

/** The number of the band; null for a row of another shape. */
export const bandNumberOf = (row: unknown): number | null => {
  const read = z.safeParse(advice, row)
  return read.success ? read.data.r : null
}

export const assumedRoleAnswer = z.object({
  AssumeRoleResult: z.object({
    Credentials: z.object({
      AccessKeyId: z.string().check(z.minLength(1)),
      SecretAccessKey: z.string().check(z.minLength(1)),
      SessionToken: z.string().check(z.minLength(1)),
    }),
  }),
})

/** As above, where a row that cannot be read must not be lost. */
const items = <T>(row: z.ZodMiniType<T>): z.ZodMiniType<readonly T[]> =>
  z.pipe(
    z.pipe(
      z.unknown(),
      z.transform((value): unknown => (value === '' || value === undefined ? [] : value)),
    ),
    z.array(row),
  )

const instance = z.object({
  instanceId: z.string().check(z.minLength(1)),
  instanceState: z.object({ name: z.string() }),
  tagSet: optional(items(z.object({ key: z.string(), value: z.string() }))),
  ipAddress: optional(z.string()),
  placement: optional(z.object({ availabilityZone: optional(z.string()) })),
  stateReason: optional(z.object({ code: optional(z.string()) })),
})

const instances = items(instance)

export const launchAnswer = z.object({ instancesSet: instances })

export const instancesAnswer = z.object({
  reservationSet: items(z.object({ instancesSet: instances })),
  ...more,
})

const securityGroup = z.object({
  groupId: z.string(),
  groupName: z.string(),
  ipPermissions: optional(items(z.object({ fromPort: optional(z.string()) }))),
})

export const securityGroupsAnswer = z.object({ securityGroupInfo: items(securityGroup) })

export type Instance = z.infer<typeof instance>
export type SecurityGroup = z.infer<typeof securityGroup>
export type DescribedType = z.infer<typeof describedType>
export type ZoneType = z.infer<typeof zoneType>
export type GpuDevice = z.infer<typeof gpu>
export type SpotPrice = z.infer<typeof spotPrice>
