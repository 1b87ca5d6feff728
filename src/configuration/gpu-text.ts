import { refusal, show } from './scalar.ts'

/** The parts of a short GPU demand that were given, each still as it was written. */
export interface GpuParts {
  readonly name?: readonly string[]
  readonly memory?: string
  readonly count?: string | number
}

const vendors = new Set(['nvidia', 'amd', 'google', 'tpu', 'intel', 'tenstorrent', 'tt'])

const namesOf = (token: string, text: string): readonly string[] => {
  const names = token.split(',')
  if (names.includes('')) throw refusal(`${show(text)} has an empty GPU name`)
  return names
}

/** What a token is, by its look. A number without a unit is a count. */
const readToken = (token: string, text: string): GpuParts => {
  if (token === '') throw refusal(`${show(text)} has an empty part`, 'remove the extra ":"')
  if (/^\p{L}/u.test(token)) return { name: namesOf(token, text) }
  return /\p{L}/u.test(token) ? { memory: token } : { count: token }
}

const conflict = (kind: string, tokens: readonly string[], text: string) => {
  const vendor = tokens.find((token) => vendors.has(token.toLowerCase()))
  return refusal(
    `${show(text)} gives the ${kind} of the GPUs twice`,
    kind === 'name' && vendor !== undefined
      ? `vendors belong to a later dstack; leave out "${vendor}"`
      : undefined,
  )
}

/** Reads `A100:80GB:2`: names, memory and count in any order, each at most once. */
export const splitGpu = (text: string): GpuParts => {
  const tokens = text.replaceAll(' ', '').split(':')
  let parts: GpuParts = {}
  for (const token of tokens) {
    const part = readToken(token, text)
    const again = Object.keys(part).find((kind) => kind in parts)
    if (again !== undefined) throw conflict(again, tokens, text)
    parts = { ...parts, ...part }
  }
  return parts
}
