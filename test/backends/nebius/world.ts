/**
 * Nebius in good times, made by hand after its public definitions: an account with projects in three
 * regions. Prices on demand and as preemptible are those that were published in May 2026.
 */
import { status } from '@grpc/grpc-js'
import type { Asked, Reply } from './fake-nebius.ts'
import { fieldsOf, isThere, message, textAt } from './wire.ts'

interface PresetRow {
  readonly name: string
  readonly cpus: number
  readonly gib: number
  readonly gpus: number
  readonly usd: string
  readonly preemptibleUsd?: string
}

export interface PlatformRow {
  readonly name: string
  readonly title: string
  readonly gpuGb: number
  readonly presets: readonly PresetRow[]
}

interface ProjectRow {
  readonly id: string
  readonly region: string
  readonly suspension?: number
  readonly state?: number
}

interface AdviceRow {
  readonly region: string
  readonly platform: string
  readonly preset: string
  /** State of the data, how many there are, the quota. */
  readonly onDemand: readonly [state: number, available: number, limit: number]
  readonly preemptible: readonly [state: number, available: number, limit: number]
}

export interface World {
  readonly tenants: readonly string[]
  readonly projects: Readonly<Record<string, readonly ProjectRow[]>>
  /** By project. */
  readonly platforms: Readonly<Record<string, readonly PlatformRow[]>>
  readonly advice: readonly AdviceRow[]
  /** Rows on a page of any list. */
  readonly pageRows: number
}

const cpu: PlatformRow = {
  name: 'cpu-d3',
  title: 'Non-GPU AMD EPYC Genoa',
  gpuGb: 0,
  presets: [
    { name: '4vcpu-16gb', cpus: 4, gib: 16, gpus: 0, usd: '0.0992' },
    { name: '8vcpu-32gb', cpus: 8, gib: 32, gpus: 0, usd: '0.1984' },
  ],
}

const h100: PlatformRow = {
  name: 'gpu-h100-sxm',
  title: 'NVIDIA H100 NVLink with Intel Sapphire Rapids',
  gpuGb: 80,
  presets: [
    { name: '1gpu-16vcpu-200gb', cpus: 16, gib: 200, gpus: 1, usd: '2.95', preemptibleUsd: '1.25' },
    {
      name: '8gpu-128vcpu-1600gb',
      cpus: 128,
      gib: 1600,
      gpus: 8,
      usd: '23.6000',
      preemptibleUsd: '10',
    },
  ],
}

const l40s: PlatformRow = {
  name: 'gpu-l40s-a',
  title: 'NVIDIA L40S PCIe with Intel Ice Lake',
  gpuGb: 48,
  presets: [{ name: '1gpu-8vcpu-32gb', cpus: 8, gib: 32, gpus: 1, usd: '1.5484' }],
}

const b200: PlatformRow = {
  name: 'gpu-b200-sxm-a',
  title: 'NVIDIA B200 NVLink with Intel Emerald Rapids',
  gpuGb: 180,
  presets: [{ name: '8gpu-160vcpu-1792gb', cpus: 160, gib: 1792, gpus: 8, usd: '44' }],
}

const rtx6000: PlatformRow = {
  name: 'gpu-rtx6000-a',
  title: 'NVIDIA RTX PRO 6000',
  gpuGb: 96,
  presets: [{ name: '1gpu-24vcpu-218gb', cpus: 24, gib: 218, gpus: 1, usd: '1.8' }],
}

export const goodWorld: World = {
  tenants: ['tenant-one'],
  projects: {
    'tenant-one': [
      { id: 'project-b', region: 'us-central1', state: 1, suspension: 1 },
      { id: 'project-a', region: 'eu-north1', state: 1, suspension: 1 },
      { id: 'project-a2', region: 'eu-north1', state: 1, suspension: 1 },
      { id: 'project-0', region: 'eu-west1', state: 1, suspension: 3 },
      { id: 'project-c', region: 'uk-south2', state: 1, suspension: 1 },
      { id: 'project-d', region: 'me-west1', state: 3, suspension: 1 },
    ],
  },
  platforms: {
    'project-a': [cpu, h100, l40s],
    'project-b': [cpu, b200],
    'project-c': [rtx6000],
  },
  advice: [
    // Two fabrics: one is empty.
    {
      region: 'eu-north1',
      platform: 'gpu-h100-sxm',
      preset: '1gpu-16vcpu-200gb',
      onDemand: [1, 0, 8],
      preemptible: [1, 44, 64],
    },
    {
      region: 'eu-north1',
      platform: 'gpu-h100-sxm',
      preset: '1gpu-16vcpu-200gb',
      onDemand: [1, 3, 8],
      preemptible: [1, 0, 64],
    },
    // Sold out; and no quota for preemptible machines, which says nothing of stock.
    {
      region: 'eu-north1',
      platform: 'gpu-h100-sxm',
      preset: '8gpu-128vcpu-1600gb',
      onDemand: [1, 0, 1],
      preemptible: [1, 0, 0],
    },
    // One fabric is empty, and of the other nothing is known.
    {
      region: 'us-central1',
      platform: 'gpu-b200-sxm-a',
      preset: '8gpu-160vcpu-1792gb',
      onDemand: [1, 0, 4],
      preemptible: [1, 0, 4],
    },
    {
      region: 'us-central1',
      platform: 'gpu-b200-sxm-a',
      preset: '8gpu-160vcpu-1792gb',
      onDemand: [10, 0, 4],
      preemptible: [10, 0, 4],
    },
    // Seen long ago.
    {
      region: 'eu-north1',
      platform: 'gpu-l40s-a',
      preset: '1gpu-8vcpu-32gb',
      onDemand: [2, 5, 8],
      preemptible: [2, 5, 8],
    },
  ],
  pageRows: 2,
}

const metadata = (id: string, name: string): Uint8Array => message([1, id], [3, name])

const projectMessage = ({ id, region, state = 0, suspension = 0 }: ProjectRow): Uint8Array =>
  message(
    [1, metadata(id, `name of ${id}`)],
    [2, message()],
    [3, message([2, suspension], [3, state], [4, region], [99, 'a field of tomorrow'])],
  )

const presetMessage = ({ name, cpus, gib, gpus }: PresetRow): Uint8Array =>
  message([1, name], [2, message([1, cpus], [3, gib], [4, gpus])], [3, gpus === 8])

export const platformMessage = ({ name, title, gpuGb, presets }: PlatformRow): Uint8Array =>
  message(
    [1, metadata(`id-of-${name}`, name)],
    [
      2,
      message(
        ...presets.map((preset) => [1, presetMessage(preset)] as const),
        [4, title],
        [12, gpuGb],
        [99, 7],
      ),
    ],
    [3, message([3, presets.some(({ preemptibleUsd }) => preemptibleUsd !== undefined)])],
  )

const availabilityMessage = ([state, available, limit]: AdviceRow['onDemand']): Uint8Array =>
  message([1, state], [2, available], [4, limit])

const adviceMessage = (row: AdviceRow): Uint8Array =>
  message(
    [1, message([2, 'tenant-one'])],
    [
      2,
      message(
        [1, row.region],
        [2, 'fabric-7'],
        [10, message([1, row.platform], [2, message([1, row.preset])], [3, 80])],
      ),
    ],
    [
      3,
      message(
        [1, availabilityMessage([1, 9, 9])],
        [2, availabilityMessage(row.onDemand)],
        [3, availabilityMessage(row.preemptible)],
      ),
    ],
  )

/** A page of rows: tokens are offsets. */
const page = (rows: readonly Uint8Array[], token: string, pageRows: number): Uint8Array => {
  const from = Number(token)
  const next = from + pageRows < rows.length ? String(from + pageRows) : ''
  const items = rows.slice(from, from + pageRows).map((row) => [1, row] as const)
  return message(...items, [2, next])
}

const costMessage = (usd: string): Uint8Array =>
  message([10, message([10, message([1, message([2, usd], [3, '99.99'])])])], [20, message()])

const estimate = ({ platforms }: World, request: Uint8Array): Reply => {
  const instance = [1, 100]
  const project = textAt(request, ...instance, 1, 2)
  const platform = textAt(request, ...instance, 2, 2, 1)
  const preset = textAt(request, ...instance, 2, 2, 2)
  const preemptible = isThere(request, ...instance, 2, 19)
  const row = platforms[project]
    ?.find(({ name }) => name === platform)
    ?.presets.find(({ name }) => name === preset)
  const usd = preemptible ? row?.preemptibleUsd : row?.usd
  return usd === undefined ? { status: status.INVALID_ARGUMENT } : costMessage(usd)
}

/** Answers of a world to whoever shows the token it gives. */
export const answerOf = (world: World, { what, request, authorization }: Asked): Reply => {
  if (what === 'Exchange') return message([1, 'a-token-of-nebius'], [3, 'Bearer'], [4, 43200])
  if (authorization !== 'Bearer a-token-of-nebius') return { status: status.UNAUTHENTICATED }
  switch (what) {
    case 'ListTenants': {
      const rows = world.tenants.map((id) => message([1, metadata(id, id)]))
      return page(rows, textAt(request, 2), world.pageRows)
    }
    case 'ListProjects': {
      const rows = (world.projects[textAt(request, 1)] ?? []).map(projectMessage)
      return page(rows, textAt(request, 3), world.pageRows)
    }
    case 'ListPlatforms': {
      if (fieldsOf(request).get(1) === undefined) return { status: status.INVALID_ARGUMENT }
      const rows = (world.platforms[textAt(request, 3)] ?? []).map(platformMessage)
      return page(rows, textAt(request, 2), world.pageRows)
    }
    case 'ListAdvice': {
      const isOwn = textAt(request, 1) === 'tenant-one'
      const rows = isOwn ? world.advice.map(adviceMessage) : []
      return page(rows, textAt(request, 3), world.pageRows)
    }
    case 'Estimate':
      return estimate(world, request)
  }
}
