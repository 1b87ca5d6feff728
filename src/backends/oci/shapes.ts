/**
 * Shapes, with the parts of the price list they are billed by. Facts of Oracle's page on compute
 * shapes and of its cost estimator, September 2026; nothing public lists both as data.
 */
import type { CpuArchitecture } from '#domain/offer'

/** Part numbers. A shape without one of memory has it in the price of its OCPUs. */
interface Parts {
  readonly ocpu: string
  readonly memory: string | null
}

interface Family {
  readonly name: string
  readonly parts: Parts
  /** vCPUs of an OCPU: two threads of a core, two cores, or one. */
  readonly cpusPerOcpu: 1 | 2
  readonly architecture: CpuArchitecture
  readonly preemptible: boolean
}

export interface FlexibleShape extends Family {
  readonly mostOcpus: number
  readonly mostGib: number
}

export interface FixedShape extends Family {
  readonly ocpus: number
  readonly memoryGib: number
  readonly diskGib: number | null
}

const e2: Parts = { ocpu: 'B90425', memory: null }
const e3: Parts = { ocpu: 'B92306', memory: 'B92307' }
const e4: Parts = { ocpu: 'B93113', memory: 'B93114' }
const e5: Parts = { ocpu: 'B97384', memory: 'B97385' }
const e6: Parts = { ocpu: 'B111129', memory: 'B111130' }
const x7: Parts = { ocpu: 'B88514', memory: null }
const x9: Parts = { ocpu: 'B94176', memory: 'B94177' }
const optimized3: Parts = { ocpu: 'B93311', memory: 'B93312' }
const a1: Parts = { ocpu: 'B93297', memory: 'B93298' }
const a2: Parts = { ocpu: 'B109529', memory: 'B109530' }
const a4: Parts = { ocpu: 'B112145', memory: 'B112146' }

const x86 = { cpusPerOcpu: 2, architecture: 'x86_64' } as const
const ampere = { cpusPerOcpu: 1, architecture: 'arm64' } as const
const ampereOne = { cpusPerOcpu: 2, architecture: 'arm64' } as const

type FlexibleRow = readonly [string, Parts, mostOcpus: number, mostGib: number, boolean]

const flexible = (kind: Pick<Family, 'cpusPerOcpu' | 'architecture'>, rows: FlexibleRow[]) =>
  rows.map(([name, parts, mostOcpus, mostGib, preemptible]) => ({
    ...kind,
    name,
    parts,
    mostOcpus,
    mostGib,
    preemptible,
  }))

export const flexibleShapes: readonly FlexibleShape[] = [
  ...flexible(x86, [
    ['VM.Standard.E3.Flex', e3, 64, 1024, true],
    ['VM.Standard.E4.Flex', e4, 64, 1024, true],
    ['VM.Standard.E5.Flex', e5, 126, 1049, true],
    ['VM.Standard.E6.Flex', e6, 126, 1454, true],
    ['VM.Standard3.Flex', x9, 32, 512, true],
    ['VM.Optimized3.Flex', optimized3, 18, 256, true],
  ]),
  ...flexible(ampere, [['VM.Standard.A1.Flex', a1, 76, 472, true]]),
  ...flexible(ampereOne, [
    ['VM.Standard.A2.Flex', a2, 78, 946, false],
    ['VM.Standard.A4.Flex', a4, 45, 700, false],
  ]),
]

type FixedRow = readonly [string, Parts, ocpus: number, memoryGib: number, diskGib?: number]

const virtual = (rows: readonly FixedRow[]): readonly FixedShape[] =>
  rows.map(([name, parts, ocpus, memoryGib]) => ({
    ...x86,
    name,
    parts,
    ocpus,
    memoryGib,
    diskGib: null,
    preemptible: true,
  }))

const bareMetal = (
  kind: Pick<Family, 'cpusPerOcpu' | 'architecture'>,
  rows: readonly FixedRow[],
): readonly FixedShape[] =>
  rows.map(([name, parts, ocpus, memoryGib, diskGib = null]) => ({
    ...kind,
    name,
    parts,
    ocpus,
    memoryGib,
    diskGib,
    preemptible: false,
  }))

export const fixedShapes: readonly FixedShape[] = [
  ...virtual([
    ['VM.Standard.E2.1', e2, 1, 8],
    ['VM.Standard.E2.2', e2, 2, 16],
    ['VM.Standard.E2.4', e2, 4, 32],
    ['VM.Standard.E2.8', e2, 8, 64],
    ['VM.Standard2.1', x7, 1, 15],
    ['VM.Standard2.2', x7, 2, 30],
    ['VM.Standard2.4', x7, 4, 60],
    ['VM.Standard2.8', x7, 8, 120],
    ['VM.Standard2.16', x7, 16, 240],
    ['VM.Standard2.24', x7, 24, 320],
  ]),
  ...bareMetal(x86, [
    ['BM.Standard.E4.128', e4, 128, 2048],
    ['BM.Standard.E5.192', e5, 192, 2304],
    ['BM.Standard.E6.256', e6, 256, 3072],
    ['BM.Standard3.64', x9, 64, 1024],
    ['BM.Optimized3.36', optimized3, 36, 512, 3840],
  ]),
  ...bareMetal(ampere, [['BM.Standard.A1.160', a1, 160, 1024]]),
]
