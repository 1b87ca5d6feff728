/**
 * Vast.ai's refusals. The status says little: 404 is an ask that is gone, or a key that is wrong; so
 * the text comes first, and then the code.
 */
import type { Verdict } from '#domain/launch'
import { CloudRefusal } from '#backends/kit/cloud-io'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Refused, type Ruling, textAt } from '#backends/kit/refusals'

/** The ask is not what it was when it was chosen; nothing was rented. */
export class QuoteChanged extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'QuoteChanged'
  }
}

const byMessage: readonly (readonly [RegExp, Ruling])[] = [
  [/no_such_ask/, ['offer-gone', 'offer']],
  [/invalid user key/i, ['auth', 'backend']],
  [/not your own/i, ['forbidden', 'offer']],
]

const byCode: Readonly<Record<string, Ruling>> = {
  no_such_ask: ['offer-gone', 'offer'],
  invalid_price: ['offer-gone', 'offer'],
  insufficient_credit: ['balance', 'backend'],
  invalid_args: ['invalid', 'attempt'],
  no_ssh_key_for_vm: ['invalid', 'attempt'],
}

const byStatus: Readonly<Record<number, Ruling>> = {
  403: ['auth', 'backend'],
  429: ['rate-limited', 'backend'],
}

const ruling = ({ status, code, message }: Refused): Ruling | null =>
  byMessage.find(([pattern]) => pattern.test(message))?.[1] ??
  byCode[code ?? ''] ??
  byStatus[status] ??
  null

/** A contract beside an error costs all the same: it has to be found and destroyed. */
const hasContract = (error: unknown): boolean => {
  const value = error instanceof CloudRefusal ? jsonOf(error.answer) : null
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'new_contract') === 'number'
  )
}

export const classify = (error: unknown, context: CallContext): Verdict => {
  if (error instanceof QuoteChanged) {
    const { message } = error
    return { class: 'offer-gone', scope: 'offer', code: null, message, retryAfterMs: null }
  }
  return classifyRefusal(error, context, {
    read: (answer) => {
      const value = jsonOf(answer)
      // Some answers are plain text.
      const message = textAt(value, 'msg') ?? textAt(value, 'detail') ?? answer.text
      return { code: textAt(value, 'error'), message }
    },
    ruling: (refused) => (hasContract(error) ? ['ambiguous', 'attempt'] : ruling(refused)),
    isIdempotent: false,
  })
}
