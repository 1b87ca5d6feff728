/** Crusoe's signature, version 1.0: HMAC-SHA256 over path, query, method and time. */
import { createHmac } from 'node:crypto'
import type { UnsignedCall } from '#backends/kit/io'

export interface CrusoeKey {
  readonly id: string
  /** In base64url. */
  readonly secret: string
}

/** Its servers read `+00:00`, whole seconds. */
const timestampOf = (instant: string): string => instant.replace(/Z$/, '+00:00')

/** As it is sent, parameters in order. */
const queryOf = ({ search }: URL): string => search.slice(1).split('&').sort().join('&')

export const signerOf =
  ({ id, secret }: CrusoeKey) =>
  ({ url, method, instant }: UnsignedCall): Readonly<Record<string, string>> => {
    const timestamp = timestampOf(instant)
    const text = `${url.pathname}\n${queryOf(url)}\n${method}\n${timestamp}\n`
    const hmac = createHmac('sha256', Buffer.from(secret, 'base64url'))
    return {
      'x-crusoe-timestamp': timestamp,
      authorization: `Bearer 1.0:${id}:${hmac.update(text).digest('base64url')}`,
    }
  }
