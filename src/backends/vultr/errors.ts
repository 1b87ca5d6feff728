/** Vultr's refusals: no codes, only messages. */
import type { Verdict } from '#domain/launch'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Refused, type Ruling, textAt } from '#backends/kit/refusals'

/** The first that is found in the message counts. */
const byMessage: readonly (readonly [RegExp, Ruling])[] = [
  [
    /not available in the selected region|plan is not available|sold out|no capacity/i,
    ['no-capacity', 'type-region'],
  ],
  [/exceeds? your .*limit|maximum monthly fee/i, ['quota', 'backend']],
  [/^(?:invalid|unable to (?:parse|decode))\b/i, ['invalid', 'attempt']],
]

const byStatus: Readonly<Record<number, Ruling>> = {
  // Keys may be held to addresses: that is said of the address, and is about the key.
  403: ['auth', 'backend'],
  429: ['rate-limited', 'backend'],
}

const isWordy = ({ status }: Refused): boolean =>
  status === 400 || status === 403 || status === 422 || status === 503

const ruling = (refused: Refused): Ruling | null => {
  const found = byMessage.find(([pattern]) => pattern.test(refused.message))?.[1]
  if (isWordy(refused) && found) return found
  return byStatus[refused.status] ?? null
}

export const classify = (error: unknown, context: CallContext): Verdict =>
  classifyRefusal(error, context, {
    read: (answer) => ({ code: null, message: textAt(jsonOf(answer), 'error') ?? '' }),
    ruling,
    isIdempotent: false,
  })
