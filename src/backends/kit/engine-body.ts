/** What a Docker-compatible engine is asked to make of a workload. Pure. */
import type { OwnerTags } from '#domain/launch'
import type { Offer } from '#domain/offer'
import type { Workload } from '#domain/workload'
import type { LaunchRequest } from './provisioner.ts'

const mib = 1024 * 1024

const labelsOf = ({ owner, run, attempt, expiresAt }: OwnerTags) => ({
  'dso-owner': owner,
  'dso-run': run,
  'dso-attempt': attempt,
  'dso-expires': expiresAt,
})

/** Null where one is missing: then it is none of ours. */
export const tagsOf = (labels: Readonly<Record<string, string | undefined>>): OwnerTags | null => {
  const [owner, run, attempt, expiresAt] = ['owner', 'run', 'attempt', 'expires'].map(
    (key) => labels[`dso-${key}`],
  )
  return owner && run !== undefined && attempt && expiresAt
    ? { owner, run, attempt, expiresAt }
    : null
}

/** Without a tag an engine would take every tag that there is. */
export const fullImageName = (image: string): string =>
  /[:@][^/]*$/.test(image) ? image : `${image}:latest`

/** AMD's are devices of the machine; all others are asked for by number. */
const acceleratorsOf = ({ gpuCount }: Workload, { instanceType }: Offer) => {
  if (gpuCount === 0) return {}
  const device = (path: string) => ({
    PathOnHost: path,
    PathInContainer: path,
    CgroupPermissions: 'rwm',
  })
  return instanceType.gpu?.vendor === 'amd'
    ? { Devices: [device('/dev/kfd'), device('/dev/dri')] }
    : { DeviceRequests: [{ Driver: '', Count: gpuCount, Capabilities: [['gpu']] }] }
}

/** What was asked for at least, and never more than there is, which engines refuse. */
const limitsOf = ({ cpus, memoryMib, shmMib }: Workload, { instanceType }: Offer) => ({
  ...(cpus !== null && cpus > 0 && { NanoCpus: Math.min(cpus, instanceType.cpus) * 1e9 }),
  ...(memoryMib !== null &&
    memoryMib > 0 && { Memory: Math.floor(Math.min(memoryMib, instanceType.memoryMib) * mib) }),
  ...(shmMib !== null && { ShmSize: Math.floor(shmMib * mib) }),
})

const portKey = (port: number): `${number}/tcp` => `${port}/tcp`

/** The port is reached from the engine's machine alone: what is public is a gateway's business. */
export const containerBody = (request: LaunchRequest, workload: Workload, offer: Offer) => ({
  name: request.name,
  Image: fullImageName(workload.image ?? ''),
  ...(workload.entrypoint !== null && { Entrypoint: [...workload.entrypoint] }),
  ...(workload.command !== null && { Cmd: [...workload.command] }),
  ...(workload.workingDirectory !== null && { WorkingDir: workload.workingDirectory }),
  Env: Object.entries(workload.environment).map(([name, value]) => `${name}=${value}`),
  Labels: labelsOf(request.tags),
  ExposedPorts: { [portKey(workload.port)]: {} },
  HostConfig: {
    Init: true,
    PortBindings: { [portKey(workload.port)]: [{ HostIp: '127.0.0.1', HostPort: '' }] },
    ...limitsOf(workload, offer),
    ...acceleratorsOf(workload, offer),
  },
})
