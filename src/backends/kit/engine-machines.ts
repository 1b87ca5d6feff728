/** Containers of ours in a Docker-compatible engine: made, looked at, ended. */
import type Docker from 'dockerode'
import type { InstanceRef, Verdict } from '#domain/launch'
import type { Workload } from '#domain/workload'
import { parseInstant } from '#platform/clock'
import { packProject } from '#platform/project-archive'
import { listProjectFiles } from '#platform/project-files'
import type { CloudIo } from './cloud-io.ts'
import { assertAccelerators } from './engine-accelerators.ts'
import { containerBody, tagsOf } from './engine-body.ts'
import { unframe } from './engine-logs.ts'
import { pullImage } from './engine-pull.ts'
import { type Engine, openEngine } from './engine.ts'
import { machineGone } from './observed.ts'
import { refuseForeign } from './owner-tags.ts'
import type {
  Created,
  LaunchPlan,
  Listed,
  LogRequest,
  Observed,
  WorkloadState,
} from './provisioner.ts'

/** How a container is told to end, and what comes after it. */
const graceSeconds = 10

const statusOf = (error: unknown): unknown =>
  error instanceof Error ? Reflect.get(error, 'statusCode') : undefined

const orMissing = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw error
  }
}

export interface Place {
  readonly backend: string
  readonly region: string
}

const refIn = ({ backend, region }: Place, id: string): InstanceRef => ({
  backend,
  id,
  region,
  zone: null,
})

/** The one of that name, which must be this attempt's own. */
const ownOf = async ({ docker }: Engine, { request }: LaunchPlan): Promise<Docker.Container> => {
  const { Id, Config } = await docker.getContainer(request.name).inspect()
  refuseForeign('docker', request.name, { name: null, tags: tagsOf(Config.Labels) })
  return docker.getContainer(Id)
}

/** Pulls where the image is missing. Of the same name there is one, however often it is asked for. */
const make = async (
  engine: Engine,
  io: CloudIo,
  plan: LaunchPlan,
  workload: Workload,
): Promise<Docker.Container> => {
  const body = containerBody(plan.request, workload, plan.offer)
  const create = async (): Promise<Docker.Container> => {
    try {
      return await engine.docker.createContainer(body)
    } catch (error) {
      if (statusOf(error) === 409) return ownOf(engine, plan)
      // Podman answers 500 to a name that is taken.
      if (error instanceof Error && /name .* is already in use/.test(error.message)) {
        return ownOf(engine, plan)
      }
      throw error
    }
  }
  try {
    return await create()
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    await pullImage(engine.docker, body.Image, workload.registryAuth, io.signal)
    return create()
  }
}

const bringFiles = async (container: Docker.Container, workload: Workload): Promise<void> => {
  const { projectDirectory, workingDirectory } = workload
  if (projectDirectory === null || workingDirectory === null) return
  const files = listProjectFiles(projectDirectory)
  const prefix = `${workingDirectory.replace(/^\/+|\/+$/g, '')}/`
  await container.putArchive(packProject(projectDirectory, files, prefix), { path: '/' })
}

/** A container that cannot be started, or was not given what it needs, does not stay. */
const start = async (container: Docker.Container, workload: Workload): Promise<void> => {
  const { State } = await container.inspect()
  if (State.Status !== 'created') return
  try {
    await bringFiles(container, workload)
    await container.start()
    await assertAccelerators(container, workload.gpuCount)
  } catch (error) {
    await orMissing(container.remove({ force: true, v: true }))
    throw error
  }
}

export const createContainer = async (
  io: CloudIo,
  plan: LaunchPlan,
  place: Place,
): Promise<Created> => {
  const { workload } = plan.request
  if (workload === null) throw new TypeError('a plan without a workload is refused')
  const container = await make(await openEngine(io), io, plan, workload)
  await start(container, workload)
  return { ref: refIn(place, container.id), rateNanoUsd: null }
}

type Details = Docker.ContainerInspectInfo

const workloadOf = ({ State }: Details): WorkloadState => {
  if (State.Status === 'created') return { phase: 'starting' }
  if (State.Running || State.Status === 'paused') return { phase: 'running' }
  const reason = State.OOMKilled ? 'out of memory' : State.Error || null
  return { phase: 'exited', exitCode: State.ExitCode, reason }
}

/** Files are brought to it before it starts, at most for so long. */
const mostStartMs = 5 * 60_000

/** Whoever made it has died before it was started: what it lacks, nobody knows. */
const isAbandoned = (io: CloudIo, { State, Created: created }: Details): boolean => {
  if (State.Status !== 'created') return false
  const nowMs = parseInstant(io.instant()) ?? 0
  return nowMs - (parseInstant(created) ?? nowMs) > mostStartMs
}

const abandoned: Verdict = {
  class: 'transient',
  scope: 'attempt',
  code: null,
  message: 'its container was made, and never started',
  retryAfterMs: null,
}

const phaseOf = ({ State }: Details): Observed['phase'] => {
  if (State.Status === 'created') return 'pending'
  return State.Status === 'removing' ? 'stopping' : 'running'
}

const serviceOf = ({ NetworkSettings, Config }: Details, isHere: boolean) => {
  const key = Object.keys(Config.ExposedPorts ?? {}).find(
    (one) => NetworkSettings.Ports?.[one]?.[0] !== undefined,
  )
  const port = Number(NetworkSettings.Ports?.[key ?? '']?.[0]?.HostPort ?? 0)
  return isHere && port > 0 ? { host: '127.0.0.1', port } : null
}

const plainly = (details: Details, isHere: boolean, place: Place): Observed => ({
  ref: refIn(place, details.Id),
  name: details.Name.replace(/^\//, ''),
  tags: tagsOf(details.Config.Labels ?? {}),
  phase: phaseOf(details),
  cause: null as Verdict | null,
  ssh: null,
  service: serviceOf(details, isHere),
  workload: workloadOf(details),
  rateNanoUsd: null,
})

const observed = (io: CloudIo, details: Details, isHere: boolean, place: Place): Observed => ({
  ...plainly(details, isHere, place),
  ...(isAbandoned(io, details) && { phase: 'failed', cause: abandoned, workload: null }),
})

export const observeContainer = async (
  io: CloudIo,
  id: string,
  place: Place,
): Promise<Observed> => {
  const { docker, isHere } = await openEngine(io)
  const details = await orMissing(docker.getContainer(id).inspect())
  return details === null ? machineGone(refIn(place, id)) : observed(io, details, isHere, place)
}

export async function* listContainers(
  io: CloudIo,
  owner: string,
  place: Place,
): AsyncGenerator<Listed> {
  const { docker, isHere } = await openEngine(io)
  const filters = { label: [`dso-owner=${owner}`] }
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    const details = await orMissing(docker.getContainer(Id).inspect())
    if (details !== null) yield { instance: observed(io, details, isHere, place) }
  }
}

/** Told to end, given its time, removed with its volumes; and looked for again. */
export const destroyContainer = async (io: CloudIo, id: string): Promise<'gone' | 'going'> => {
  const { docker } = await openEngine(io)
  const container = docker.getContainer(id)
  const details = await orMissing(container.inspect())
  if (details === null) return 'gone'
  const name = details.Name.replace(/^\//, '')
  refuseForeign('docker', id, { name, tags: tagsOf(details.Config.Labels ?? {}) })
  if (details.State.Running) await orMissing(stopped(container))
  await orMissing(container.remove({ force: true, v: true }))
  return (await orMissing(container.inspect())) === null ? 'gone' : 'going'
}

/** 304: it has ended by itself meanwhile. */
const stopped = async (container: Docker.Container): Promise<void> => {
  try {
    await container.stop({ t: graceSeconds })
  } catch (error) {
    if (statusOf(error) !== 304) throw error
  }
}

export async function* containerLogs(
  io: CloudIo,
  id: string,
  { follow, signal }: LogRequest,
): AsyncGenerator<string> {
  const { docker } = await openEngine(io)
  const container = docker.getContainer(id)
  const common = { stdout: true, stderr: true, abortSignal: signal }
  if (!follow) {
    const bytes = await orMissing(container.logs({ ...common, follow: false }))
    if (bytes !== null) yield* unframe(oneOf(bytes))
    return
  }
  const stream = await orMissing(container.logs({ ...common, follow: true }))
  if (stream === null) return
  try {
    yield* unframe(bytesOf(stream))
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function* oneOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}
