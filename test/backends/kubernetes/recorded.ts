/** Answers of a real API server, recorded by this project (Kubernetes 1.32.2, without a kubelet). */
import { readFileSync } from 'node:fs'

export interface Recording {
  readonly name: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly token: string
    readonly contentType?: string
    readonly body?: unknown
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: unknown
  }
}

const file = new URL('fixtures/api-1.32.json', import.meta.url)
const { pairs } = JSON.parse(readFileSync(file, 'utf8')) as { pairs: readonly Recording[] }

/** In the order in which they were asked. */
export const recordings = pairs

export const recorded = (name: string): Recording => {
  const found = pairs.find((pair) => pair.name === name)
  if (found === undefined) throw new Error(`nothing of the name "${name}" is recorded`)
  return found
}
