/** A service whose replicas say which process they are, and what asks it. */
import { fileURLToPath } from 'node:url'
import type { ServerUnderTest } from './stand.ts'

const script = fileURLToPath(new URL('plain-server.mjs', import.meta.url))

export const plainService = (more: string): string => `type: service
commands:
  - exec node ${script}
port: 8000
resources:
  cpu: 1..
  memory: 0.1GB..
  disk: 50GB..
${more}`

export interface Asked {
  readonly run: string
  readonly token: string
  readonly method?: 'GET' | 'POST'
  readonly thinksMs?: number
}

/** The process that answered; rejects with whatever else was answered. */
export const ask = async (
  { url }: Pick<ServerUnderTest, 'url'>,
  { run, token, method = 'GET', thinksMs = 0 }: Asked,
): Promise<number> => {
  const response = await fetch(`${url}/services/${run}/?ms=${thinksMs}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
  })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`)
  return Number(text)
}
