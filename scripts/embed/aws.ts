import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { observationOf } from '#catalog/snapshot-manifest'
import {
  offerId,
  type CpuArchitecture,
  type InstanceType,
  type Observation,
  type Offer,
} from '#domain/offer'
import { parseUsd } from '#domain/price'
import { acceleratorsOf, type DescribedType } from './aws-accelerators.ts'
import { interruptionLines, spotAdvisor } from './aws-interruption.ts'
import type { EmbeddedSource, Extraction, InputDocument } from './source.ts'
import { newTally } from './tally.ts'

const prices = {
  key: 'prices',
  file: 'aws/on-demand.csv',
  repository: 'varad-more/ec2-instance-advisor',
  path: 'docs/data/ec2_aws_snapshot.csv',
  commit: 'e106486',
  observedOn: '2026-03-15',
  licence: 'MIT',
} as const satisfies InputDocument

const usEast1Prices = {
  key: 'prices-us-east-1',
  file: 'aws/on-demand.csv',
  repository: 'aws/karpenter-provider-aws',
  path: 'pkg/providers/pricing/zz_generated.pricing_aws.go',
  commit: '1d92708',
  observedOn: '2026-07-20',
  licence: 'Apache-2.0',
} as const satisfies InputDocument

const described = {
  key: 'instance-types',
  file: 'aws/describe-instance-types.json',
  repository: 'getmoto/moto',
  path: 'moto/ec2/resources/instance_types.json',
  commit: '0af643a',
  observedOn: '2026-08-02',
  licence: 'Apache-2.0',
} as const satisfies InputDocument

const offerings = {
  key: 'offerings',
  file: 'aws/offerings',
  repository: 'getmoto/moto',
  path: 'moto/ec2/resources/instance_type_offerings/availability-zone',
  commit: '0af643a',
  observedOn: '2026-08-01',
  licence: 'Apache-2.0',
} as const satisfies InputDocument

const observations: ReadonlyMap<string, Observation> = new Map(
  [prices, usEast1Prices].map((input) => [input.observedOn, observationOf(input)]),
)

/** Region -> types offered in one of its zones. */
const readOfferings = (directory: string): ReadonlyMap<string, ReadonlySet<string>> => {
  const folder = join(directory, offerings.file)
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(
    files.map((name) => {
      const rows = JSON.parse(readFileSync(join(folder, name), 'utf8')) as readonly {
        readonly InstanceType: string
      }[]
      return [name.replace('.json', ''), new Set(rows.map((row) => row.InstanceType))]
    }),
  )
}

const architectureOf = (type: DescribedType): CpuArchitecture | null => {
  const supported = type.ProcessorInfo.SupportedArchitectures
  if (supported.includes('x86_64')) return 'x86_64'
  return supported.includes('arm64') ? 'arm64' : null
}

/** The machine, or why its prices are rejected. */
type Machine = InstanceType | { readonly rejected: string }

const machineOf = (type: DescribedType): Machine => {
  const accelerators = acceleratorsOf(type)
  if ('rejected' in accelerators) return accelerators
  return {
    name: type.InstanceType,
    cpus: type.VCpuInfo.DefaultVCpus,
    memoryMib: type.MemoryInfo.SizeInMiB,
    gpu: accelerators.gpu && {
      name: accelerators.gpu.name,
      vendor: accelerators.gpu.vendor,
      memoryMib: accelerators.gpu.memoryMib,
      computeCapability: accelerators.gpu.computeCapability,
    },
    gpuCount: accelerators.count,
    // The root volume is EBS, of any size; local NVMe comes on top.
    diskMib: null,
    architecture: architectureOf(type),
  }
}

const readMachines = (directory: string): ReadonlyMap<string, Machine> => {
  const types = JSON.parse(readFileSync(join(directory, described.file), 'utf8')) as Readonly<
    Record<string, DescribedType>
  >
  return new Map(Object.values(types).map((type) => [type.InstanceType, machineOf(type)]))
}

const extract = (directory: string): Extraction => {
  const types = readMachines(directory)
  const offered = readOfferings(directory)
  const tally = newTally()
  const offers: Offer[] = []
  const [, ...lines] = readFileSync(join(directory, prices.file), 'utf8').trimEnd().split('\n')
  for (const line of lines) {
    const [region = '', name = '', usd = '', observedOn = ''] = line.split(',')
    const inRegion = offered.get(region)
    const type = types.get(name)
    const observation = observations.get(observedOn)
    const priceNanoUsd = parseUsd(usd)
    if (!inRegion) tally.reject(`no list of what "${region}" offers`)
    else if (!type) tally.reject('not described by the cloud')
    else if ('rejected' in type) tally.reject(type.rejected)
    else if (!inRegion.has(name)) tally.reject('priced, but offered in no zone of the region')
    else if (!observation) tally.reject('of no known date')
    else if (priceNanoUsd === null || priceNanoUsd <= 0) tally.reject('no price above zero')
    else
      offers.push({
        id: offerId('aws', region, name, false),
        backend: 'aws',
        region,
        instanceType: type,
        spot: false,
        priceNanoUsd,
        stock: 'unknown',
        observation,
      })
  }
  return { offers, rowsRead: lines.length, rejected: tally.counts }
}

export const aws: EmbeddedSource = {
  backend: 'aws',
  inputs: [prices, usEast1Prices, described, offerings, spotAdvisor],
  notes: [
    'spot prices are not embedded; a refresh brings them',
    'on-demand prices of Linux on shared tenancy; EBS volumes and traffic cost extra',
    'us-east-1 is of a later day than the other regions, and the only one with bare metal',
    'a listed type may still need a quota; the largest GPU types are often sold as capacity blocks only',
  ],
  extract,
  furtherFiles: (directory) => new Map([['interruption.csv', interruptionLines(directory)]]),
}
