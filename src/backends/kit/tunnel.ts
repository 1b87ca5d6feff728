import type { Duplex } from 'node:stream'

/** A way to the port of a workload that answers at no address from here. */
export interface Tunnel {
  /** One connection. Throws where nothing listens at the other end. */
  open(): Promise<Duplex>
  /** Ends what is still open. */
  close(): void
}
