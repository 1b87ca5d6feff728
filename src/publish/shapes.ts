/** What the manifest and the texts have in common. */
import * as z from 'zod/mini'
import { parseInstant } from '#platform/clock'
import { printInstant } from '#platform/http-time'

export const count = z.int().check(z.nonnegative())

const isWrittenAs = (text: string, instantMs: number | null): boolean =>
  instantMs !== null && printInstant(instantMs) === text

/** As text, instants are in the order of times: one of a 13th month would stand above all to come. */
export const instant = z
  .string()
  .check(z.refine((text) => isWrittenAs(text, parseInstant(text)), { error: 'no instant' }))
