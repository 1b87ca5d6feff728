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

/** Returns when the image is there. Throws PullRefused, or what the engine throws. */
export const pullImage = async (
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
