/** A way to the port of a replica, and its output. */
import type { Duplex } from 'node:stream'
import { connect } from 'node:net'
import type { Tunnel } from '#backends/kit/tunnel'
import type { Hands } from '#runs/hands'
import type { Instance, Run } from '#runs/rows'

/** The machine of a replica that runs; null while there is none. */
export const machineOf = ({ store }: Hands, run: Run, replica: number): Instance | null => {
  const now = store.replica(run.id, replica)
  if (now?.status !== 'running' || now.instanceId === null) return null
  return store.instance(now.instanceId)
}

const refOf = ({ backend, refId, region, zone }: Instance) => ({ backend, id: refId, region, zone })

const sshOf = ({ sshHost: host, sshPort: port }: Instance) =>
  host === null || port === null ? null : { host, port }

/** For many connections, until it is closed. Throws where there is no way. */
export const tunnelTo = async (hands: Hands, instance: Instance): Promise<Tunnel> => {
  const { serviceHost: host, servicePort: port } = instance
  if (host !== null && port !== null) {
    return {
      open: () => Promise.resolve(connect({ host, port, noDelay: true })),
      close: () => undefined,
    }
  }
  const ssh = sshOf(instance)
  if (ssh !== null && hands.machines?.reach) return hands.machines.reach(instance, ssh)
  const backend = await hands.backend(instance.backend)
  const io = backend?.io(() => undefined, hands.signal)
  const tunnel = io && (await backend?.provisioner.reach?.(io, refOf(instance)))
  if (tunnel) return tunnel
  throw new Error(`"${instance.name}" has no address yet`)
}

/** One connection, and with it what leads there ends. Throws where there is no way. */
export const connectTo = async (hands: Hands, instance: Instance): Promise<Duplex> => {
  const tunnel = await tunnelTo(hands, instance)
  try {
    const stream = await tunnel.open()
    stream.once('close', () => tunnel.close())
    return stream
  } catch (error) {
    tunnel.close()
    throw error
  }
}

export const givesLogs = async (hands: Hands, instance: Instance): Promise<boolean> => {
  if (sshOf(instance) !== null && hands.machines?.logs !== undefined) return true
  return (await hands.backend(instance.backend))?.provisioner.logs !== undefined
}

/** Empty where the backend gives no output. */
export async function* logsOf(
  hands: Hands,
  instance: Instance,
  request: { readonly follow: boolean; readonly signal: AbortSignal },
): AsyncIterable<string> {
  const ssh = sshOf(instance)
  if (ssh !== null && hands.machines?.logs) {
    yield* hands.machines.logs(instance, ssh, request)
    return
  }
  const backend = await hands.backend(instance.backend)
  if (backend?.provisioner.logs === undefined) return
  const io = backend.io(() => undefined, request.signal)
  yield* backend.provisioner.logs(io, refOf(instance), request)
}
