import type { ComputeCapability } from '#domain/gpu'
import { refusal, show, textOf, wholeNumber } from './scalar.ts'

const partsOf = (value: unknown): readonly (string | null)[] =>
  Array.isArray(value) ? value.map(textOf) : (textOf(value)?.split('.') ?? [])

/** The least compute capability: `8.6`, `"8.6"`, `[8, 6]`. The spelling counts: 8.0 is not 8. */
export const parseCapability = (value: unknown): ComputeCapability => {
  const parts = partsOf(value)
  const numbers = parts.map((part) => (part === null ? null : wholeNumber(part)))
  const [major, minor] = numbers
  if (numbers.length === 2 && typeof major === 'number' && typeof minor === 'number')
    if (major >= 0 && minor >= 0) return [major, minor]
  const [bare] = numbers
  throw refusal(
    `${show(value)} is no compute capability`,
    parts.length === 1 && typeof bare === 'number' && bare >= 0
      ? `write ${bare}.0`
      : 'write major.minor, such as 8.0',
  )
}
