/** Lambda's error codes. */
import type { Verdict } from '#domain/launch'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Ruling, textAt } from '#backends/kit/refusals'

const byCode: Readonly<Record<string, Ruling>> = {
  'instance-operations/launch/insufficient-capacity': ['no-capacity', 'type-region'],
  'instance-operations/launch/file-system-in-wrong-region': ['invalid', 'attempt'],
  'global/quota-exceeded': ['quota', 'region'],
  'global/duplicate': ['invalid', 'attempt'],
  'global/invalid-parameters': ['invalid', 'attempt'],
  'global/invalid-api-key': ['auth', 'backend'],
  'global/account-inactive': ['balance', 'backend'],
  'global/object-does-not-exist': ['gone', 'instance'],
}

export const classify = (error: unknown, context: CallContext): Verdict =>
  classifyRefusal(error, context, {
    read: (answer) => {
      const value = jsonOf(answer)
      return {
        code: textAt(value, 'error', 'code'),
        message: textAt(value, 'error', 'message') ?? '',
      }
    },
    ruling: ({ status, code }) =>
      byCode[code ?? ''] ?? (status === 429 ? ['rate-limited', 'backend'] : null),
    isIdempotent: false,
  })
