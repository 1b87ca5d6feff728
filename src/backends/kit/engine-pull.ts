/** Brings an image to an engine. */
import type Docker from 'dockerode'
import type { Workload } from '#domain/workload'

/** Engines say what went wrong inside an answer that began as a success. */
export class PullRefused extends Error {
  constructor(image: string, reason: string) {
    super(`"${image}" cannot be pulled: ${reason}`)
    this.name = 'PullRefused'
  }
}

/** A registry that wants credentials, or others than those it was shown. */
export class RegistryRefused extends Error {
  constructor(image: string, hasCredentials: boolean, reason: string) {
    const wanted = hasCredentials
      ? `the registry of "${image}" does not take the credentials of registry_auth`
      : `the registry of "${image}" wants credentials, and registry_auth gives none`
    super(`${wanted}: ${reason}`)
    this.name = 'RegistryRefused'
  }
}

const registryWords =
  /unauthorized|authentication required|no basic auth|incorrect username|access (?:to the resource is )?denied/i

/** The engine hands on what the registry has said; of its own it says 401 and 403. */
const isRegistryRefusal = (error: unknown): error is Error =>
  error instanceof Error &&
  (error instanceof PullRefused || [404, 500].includes(Number(Reflect.get(error, 'statusCode')))) &&
  registryWords.test(error.message)

/** As dockerode wraps what an engine has said. */
const reasonOf = ({ message }: Error): string =>
  message.replace(/^\(HTTP code \d+\) [a-z ]+ - /, '').trim()

/** `registry.example.com:5000/a/b` has a registry; `a/b` is Docker Hub's. */
const registryOf = (image: string): string => {
  const [first = '', ...rest] = image.split('/')
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  return isHost ? first : 'https://index.docker.io/v1/'
}

const reasonIn = (line: unknown): string | null => {
  const reason: unknown =
    typeof line === 'object' && line !== null ? Reflect.get(line, 'error') : null
  return typeof reason === 'string' ? reason : null
}

const pull = async (
  docker: Docker,
  image: string,
  registryAuth: Workload['registryAuth'],
  signal: AbortSignal,
): Promise<void> => {
  const authconfig = registryAuth && { ...registryAuth, serveraddress: registryOf(image) }
  const stream = await docker.pull(image, {
    abortSignal: signal,
    ...(authconfig && { authconfig }),
  })
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null, lines: readonly unknown[] | null) => {
      const reason = error?.message ?? (lines ?? []).map(reasonIn).find((one) => one !== null)
      if (reason === undefined || reason === null) resolve()
      else reject(new PullRefused(image, reason))
    })
  })
}

/** Returns when the image is there. Throws RegistryRefused, PullRefused, or what the engine throws. */
export const pullImage: typeof pull = async (docker, image, registryAuth, signal) => {
  try {
    await pull(docker, image, registryAuth, signal)
  } catch (error) {
    if (!isRegistryRefusal(error)) throw error
    throw new RegistryRefused(image, registryAuth !== null, reasonOf(error))
  }
}
