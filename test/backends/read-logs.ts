/** What a backend tells of the output of one of its machines, read without waiting between calls. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newCloudIo } from '#backends/kit/cloud-io'
import { endpointVariable, hostsOf } from '#backends/kit/endpoint'
import type { Launcher } from '#backends/kit/provisioner'
import { defaultHttpLimits } from '#platform/http'
import { newHttpOnce } from '#platform/http-once'
import { systemHttpClock } from '#platform/http-time'

export interface LogsAsked {
  readonly launcher: Launcher
  readonly endpoint: string
  readonly key: string
  readonly id: string
  readonly follow: boolean
  readonly signal?: AbortSignal
}

/** Its address, once it listens. */
export const opened = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

export const closed = async (server: Server): Promise<void> => {
  server.closeAllConnections()
  await new Promise((resolve) => {
    server.close(resolve)
  })
}

/** One door, with one turn at each host. */
const http = newHttpOnce({ limits: defaultHttpLimits, clock: systemHttpClock })

export async function* logsOf(asked: LogsAsked): AsyncGenerator<string> {
  const { launcher, endpoint, key, id, follow, signal = new AbortController().signal } = asked
  const provisioner = await launcher.provisioner()
  if (provisioner.logs === undefined) throw new Error(`${launcher.name} gives no output`)
  const io = newCloudIo({
    http,
    endpoint,
    hosts: hostsOf(launcher, { [endpointVariable(launcher.name)]: endpoint }),
    limit: { atOnce: 1, intervalMs: 0 },
    signal,
    note: () => undefined,
    credentials: { key },
    instant: () => '2026-11-24T12:00:00Z',
    sleep: async () => undefined,
    readFile: () => null,
    keepSecret: () => undefined,
  })
  const ref = { backend: launcher.name, id, region: null, zone: null }
  yield* provisioner.logs(io, ref, { follow, signal })
}

export const readLogs = async (asked: LogsAsked): Promise<string> => {
  let text = ''
  for await (const part of logsOf(asked)) text += part
  return text
}
