/**
 * RunPod's refusals: REST tells them by status, GraphQL by a message in an answer of status 200. A
 * REST 400 is a rule broken or no capacity, and only its text tells which; it has come with 500 too.
 */
import type { Verdict } from '#domain/launch'
import type { CallContext } from '#backends/kit/provisioner'
import { classifyRefusal, jsonOf, type Refused, type Ruling, textAt } from '#backends/kit/refusals'

const byMessage: readonly (readonly [RegExp, Ruling])[] = [
  [
    /no longer any instances available|no instances currently available/i,
    ['no-capacity', 'type-region'],
  ],
  [/machine does not have the resources to deploy/i, ['no-capacity', 'type-region']],
  [/spending limit/i, ['balance', 'backend']],
]

const byStatus: Readonly<Record<number, Ruling>> = {
  403: ['forbidden', 'offer'],
  422: ['invalid', 'attempt'],
  429: ['rate-limited', 'backend'],
}

const ruling = ({ status, message }: Refused): Ruling | null =>
  byMessage.find(([pattern]) => pattern.test(message))?.[1] ?? byStatus[status] ?? null

export const classify = (error: unknown, context: CallContext): Verdict =>
  classifyRefusal(error, context, {
    read: (answer) => {
      const value = jsonOf(answer)
      const graphql = textAt(value, 'errors', '0', 'message')
      const code = textAt(value, 'errors', '0', 'extensions', 'code')
      return {
        code: code ?? (graphql === null ? null : 'GraphQL error'),
        message: graphql ?? textAt(value, 'detail') ?? textAt(value, 'error') ?? '',
      }
    },
    ruling,
    isIdempotent: false,
  })
