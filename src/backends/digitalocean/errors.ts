/** DigitalOcean's refusals: one code for many reasons, told apart by the message. */
import type { Verdict } from '#domain/launch'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Refused, type Ruling, textAt } from '#backends/kit/refusals'

/** Of `422 unprocessable_entity`: the first that is found in the message counts. */
const byMessage: readonly (readonly [RegExp, Ruling])[] = [
  [
    /size is not available in this region|currently (?:at capacity|unavailable)/i,
    ['no-capacity', 'type-region'],
  ],
  [/exceed your droplet limit/i, ['quota', 'backend']],
  [/exceed your .*(?:gpu|limit)/i, ['quota', 'backend']],
  [/not (?:enabled|available) (?:for|on) your account|higher tier/i, ['forbidden', 'type-region']],
]

const ruling = ({ status, code, message }: Refused): Ruling | null => {
  if (status === 403) return ['auth', 'backend']
  if (status === 429) return ['rate-limited', 'backend']
  if (status !== 422 || code !== 'unprocessable_entity') return null
  return byMessage.find(([pattern]) => pattern.test(message))?.[1] ?? ['invalid', 'attempt']
}

export const classify = (error: unknown, context: CallContext): Verdict =>
  classifyRefusal(error, context, {
    read: (answer) => {
      const value = jsonOf(answer)
      return { code: textAt(value, 'id'), message: textAt(value, 'message') ?? '' }
    },
    ruling,
    isIdempotent: false,
  })
