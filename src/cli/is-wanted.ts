import { ArgumentError } from '#domain/errors'
import { askLine, canAsk } from '#platform/question'

/** Asked before money is spent. Throws ArgumentError where nobody is there to say yes. */
export const isWanted = async ({ yes }: { readonly yes?: boolean }): Promise<boolean> => {
  if (yes === true) return true
  if (!canAsk()) {
    throw new ArgumentError('nobody is at a terminal to say yes', { hint: 'give -y to go on' })
  }
  return /^y(es)?$/i.test((await askLine('Continue? [y/n]: ')).trim())
}
