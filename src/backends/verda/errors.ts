/** Verda's refusals: a few codes; a lack of capacity and a limit show in the message alone. */
import type { Verdict } from '#domain/launch'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Refused, type Ruling, textAt } from '#backends/kit/refusals'

/** The first that is found in the message counts, whatever the code. */
const byMessage: readonly (readonly [RegExp, Ruling])[] = [
  [/not enough resources|no capacity/i, ['no-capacity', 'type-region']],
  [/can.?t discontinue a provisioning instance/i, ['transient', 'instance']],
  [/limit exceeded|quota/i, ['quota', 'backend']],
]

const byCode: Readonly<Record<string, Ruling>> = {
  insufficient_funds: ['balance', 'backend'],
  unauthorized_request: ['auth', 'backend'],
  forbidden_action: ['auth', 'backend'],
  invalid_request: ['invalid', 'attempt'],
}

const ruling = ({ status, code, message }: Refused): Ruling | null => {
  if (status === 429) return ['rate-limited', 'backend']
  const found = byMessage.find(([pattern]) => pattern.test(message))?.[1]
  return found ?? byCode[code ?? ''] ?? null
}

export const classify = (error: unknown, context: CallContext): Verdict =>
  classifyRefusal(error, context, {
    read: (answer) => {
      const value = jsonOf(answer)
      return { code: textAt(value, 'code'), message: textAt(value, 'message') ?? '' }
    },
    ruling,
    isIdempotent: false,
  })
