/** This machine as an instance type: what it has, and what its drivers tell of accelerators. */
import type { CpuArchitecture, InstanceType } from '#domain/offer'
import { freeDiskMib, machineFacts, outputOf } from '#platform/machine-facts'
import { type Accelerators, gpuOf, noAccelerators } from './accelerators.ts'

/** As Node, or uname, names them. */
const architectures: Readonly<Record<string, CpuArchitecture>> = {
  x64: 'x86_64',
  x86_64: 'x86_64',
  arm64: 'arm64',
  aarch64: 'arm64',
}

export const architectureNamed = (name: string): CpuArchitecture | null =>
  architectures[name] ?? null

const nvidiaQuery = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']

/** Of several models, those most like the first: an offer has one. */
const alike = (cards: readonly ReturnType<typeof gpuOf>[]): Accelerators => {
  const gpu = cards.find((card) => card !== null) ?? null
  const gpuCount = cards.filter((card) => card?.name === gpu?.name && card !== null).length
  return gpu === null ? noAccelerators : { gpu, gpuCount }
}

/** `NVIDIA A100-SXM4-80GB, 81920`, a line each. */
const readNvidia = (text: string): Accelerators =>
  alike(
    text
      .split('\n')
      .filter((line) => line.includes(','))
      .map((line) => {
        const comma = line.lastIndexOf(',')
        const memoryMib = Number(line.slice(comma + 1))
        return gpuOf(line.slice(0, comma), memoryMib > 0 ? memoryMib : undefined)
      }),
  )

const mib = 1024 * 1024

/** `{"card0": {"Card Series": "AMD Instinct MI300X", "VRAM Total Memory (B)": "…"}}`. */
const readRocm = (text: string): Accelerators => {
  const value: unknown = JSON.parse(text)
  const cards = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return alike(
    cards
      .filter(([name]) => /^card\d+$/.test(name))
      .map(([, card]: [string, unknown]) => {
        const said =
          typeof card === 'object' && card !== null ? new Map(Object.entries(card)) : null
        const name = String(said?.get('Card Series') ?? said?.get('Card series') ?? '')
        const bytes = Number(said?.get('VRAM Total Memory (B)'))
        return gpuOf(name, bytes > 0 ? Math.round(bytes / mib) : undefined)
      }),
  )
}

export const acceleratorsHere = async (): Promise<Accelerators> => {
  const nvidia = await outputOf('nvidia-smi', nvidiaQuery)
  if (nvidia !== null) return readNvidia(nvidia)
  const rocm = await outputOf('rocm-smi', ['--showproductname', '--showmeminfo', 'vram', '--json'])
  try {
    return rocm === null ? noAccelerators : readRocm(rocm)
  } catch {
    // What it prints is no JSON: then nothing is known of accelerators.
    return noAccelerators
  }
}

/** Its disk is what is free where a folder lies. */
export const machineHere = async (name: string, folder: string): Promise<InstanceType> => {
  const { cpus, memoryMib, architecture } = machineFacts()
  return {
    name,
    cpus,
    memoryMib,
    ...(await acceleratorsHere()),
    diskMib: freeDiskMib(folder),
    architecture: architectureNamed(architecture),
  }
}
