/** A Docker-compatible engine (Docker, Podman) and how it is reached. */
import { spawn } from 'node:child_process'
import { Agent } from 'node:http'
import { Duplex } from 'node:stream'
import type Docker from 'dockerode'
import type { Environment } from '#platform/environment'
import type { CloudIo } from './cloud-io.ts'
import type { Readiness } from './readiness.ts'

/** No engine can be reached, as opposed to one that refuses. */
export class NoEngine extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoEngine'
  }
}

/** Where engines listen that nobody has named. */
const usualSockets = (environment: Environment): readonly string[] => [
  '/var/run/docker.sock',
  ...(environment['HOME'] ? [`${environment['HOME']}/.docker/run/docker.sock`] : []),
  ...(environment['XDG_RUNTIME_DIR']
    ? [`${environment['XDG_RUNTIME_DIR']}/podman/podman.sock`]
    : []),
  '/run/podman/podman.sock',
]

const addressPattern = /^(unix|tcp|ssh|http|https):\/\/./

/** `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`, as Docker's own client reads them. */
export const engineReadiness = (environment: Environment): Readiness => {
  const address = environment['DOCKER_HOST']?.trim() ?? ''
  if (address !== '' && !addressPattern.test(address)) {
    return { status: 'misconfigured', names: ['DOCKER_HOST'] }
  }
  const certificates = environment['DOCKER_CERT_PATH'] ?? ''
  const isSecured = Boolean(environment['DOCKER_TLS_VERIFY'])
  if (isSecured && certificates === '') {
    return { status: 'misconfigured', names: ['DOCKER_CERT_PATH'] }
  }
  const values = { address, certificates: isSecured ? certificates : '' }
  const sockets = usualSockets(environment).join('\n')
  return { status: 'ready', values: address === '' ? { ...values, sockets } : values }
}

export interface Engine {
  readonly docker: Docker
  /** Whether its loopback interface is this machine's. */
  readonly isHere: boolean
}

/** As Docker's own client does it: the user's ssh knows the host, its key and how to get in. */
const sshAgent = (url: URL): Agent => {
  const agent = new Agent({ keepAlive: false })
  const target = url.username === '' ? url.hostname : `${url.username}@${url.hostname}`
  const port = url.port === '' ? [] : ['-p', url.port]
  agent.createConnection = () => {
    const command = [...port, '-o', 'BatchMode=yes', '--', target, 'docker', 'system', 'dial-stdio']
    const child = spawn('ssh', command, { stdio: ['pipe', 'pipe', 'ignore'] })
    const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
    child.once('error', (error) => stream.destroy(error))
    stream.once('close', () => child.kill())
    return stream
  }
  return agent
}

const secured = (io: CloudIo, folder: string): Docker.DockerOptions => {
  const read = (name: string): string => {
    const text = io.secretFile(`${folder}/${name}`)
    if (text !== null) return text
    throw new NoEngine(`there is no ${name} where DOCKER_CERT_PATH points`)
  }
  return { protocol: 'https', ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
}

/** Loaded when first needed: few runs do. */
const connect = async (options: Docker.DockerOptions): Promise<Docker> => {
  const { default: Client } = await import('dockerode')
  return new Client(options)
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

const engineAt = async (io: CloudIo, address: string): Promise<Engine> => {
  const url = new URL(address)
  if (url.protocol === 'unix:') {
    return { docker: await connect({ socketPath: url.pathname }), isHere: true }
  }
  if (url.protocol === 'ssh:') {
    const options = { protocol: 'http', host: 'docker', port: 80, agent: sshAgent(url) } as const
    return { docker: await connect(options), isHere: false }
  }
  const certificates = io.credentials['certificates'] ?? ''
  const isHere = loopback.has(url.hostname)
  const common = { host: url.hostname, port: Number(url.port) || (certificates ? 2376 : 2375) }
  const kind =
    url.protocol === 'https:' ? ({ protocol: 'https' } as const) : { protocol: 'http' as const }
  const options = certificates === '' ? kind : secured(io, certificates)
  return { docker: await connect({ ...common, ...options }), isHere }
}

/** One that answers at an address nobody has named; null where none does. */
const usualEngine = async (io: CloudIo): Promise<Engine | null> => {
  for (const path of (io.credentials['sockets'] ?? '').split('\n').filter((one) => one !== '')) {
    const docker = await connect({ socketPath: path })
    try {
      await docker.ping()
      return { docker, isHere: true }
    } catch {
      // Nobody listens there, or not for this user: the next one.
    }
  }
  return null
}

/** Throws NoEngine where no address is given and none of the usual ones answers. */
export const openEngine = async (io: CloudIo): Promise<Engine> => {
  const address = io.credentials['address'] ?? ''
  if (address !== '') return engineAt(io, address)
  const engine = await usualEngine(io)
  if (engine !== null) return engine
  throw new NoEngine('no container engine answers here: start Docker or Podman, or set DOCKER_HOST')
}
