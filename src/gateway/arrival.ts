/** Where a request came from, looked up once for each connection. */
import type { Socket } from 'node:net'
import type { Arrival } from './request-head.ts'

const mapped = '::ffff:'

const plain = (address: string): string =>
  address.startsWith(mapped) ? address.slice(mapped.length) : address

export type ArrivalOf = (socket: Socket) => Arrival

export const newArrivals = (trustedPeer: (address: string) => boolean): ArrivalOf => {
  const known = new WeakMap<Socket, Arrival>()
  return (socket) => {
    const seen = known.get(socket)
    if (seen) return seen
    const peer = plain(socket.remoteAddress ?? '')
    const arrival: Arrival = {
      peer,
      peerTrusted: trustedPeer(peer),
      encrypted: 'encrypted' in socket,
      localPort: socket.localPort ?? 0,
    }
    known.set(socket, arrival)
    return arrival
  }
}
