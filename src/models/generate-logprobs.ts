/** How likely the server held each token, as OpenAI's clients read it. */
import * as z from 'zod/mini'
import type { Json } from '#domain/json'
import { answerInvalid } from './refusal.ts'

/** Looked at only where somebody asks for it. */
export const tokenList = { tokens: z.nullish(z.unknown()), top_tokens: z.nullish(z.unknown()) }

const token = z.object({ text: z.string(), logprob: z.number(), special: z.boolean() })
const alternatives = z.nullish(z.array(token))
const listed = z.object({ tokens: z.array(token), top_tokens: z.nullish(z.array(alternatives)) })
const streamed = z.object({ token, top_tokens: alternatives })

export interface LikelyToken {
  readonly text: string
  readonly entry: Json
}

/** The server tells texts: which bytes a part of a character was made of is not known. */
const known = ({ text, logprob }: z.infer<typeof token>) => ({ token: text, logprob, bytes: null })

const likely = (
  one: z.infer<typeof token>,
  top: z.infer<typeof alternatives> = null,
): LikelyToken => ({
  text: one.text,
  entry: { ...known(one), top_logprobs: (top ?? []).map(known) },
})

const read = <T extends z.ZodMiniType>(schema: T, value: unknown): z.output<T> => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw answerInvalid("The model's server told no logprobs that can be read.", parsed.error)
}

/** Without the special ones, which are no part of the text. */
export const readTokens = (details: unknown): LikelyToken[] => {
  const { tokens, top_tokens: tops } = read(listed, details)
  return tokens.flatMap((one, at) => (one.special ? [] : [likely(one, tops?.[at])]))
}

export const readStreamedToken = (event: unknown): LikelyToken => {
  const { token: one, top_tokens: top } = read(streamed, event)
  return likely(one, top)
}

/** Of a text whose last characters were cut off: tokens that lie in them whole go with them. */
export const logprobsOf = (tokens: readonly LikelyToken[], cutChars: number): Json => {
  let cut = 0
  const kept = tokens.findLastIndex(({ text }) => {
    cut += text.length
    return cut > cutChars || cutChars === 0
  })
  return { content: tokens.slice(0, kept + 1).map(({ entry }) => entry), refusal: null }
}

export interface TokenHolder {
  push(one: LikelyToken): void
  /** The tokens that began before these further characters of the text ended. */
  take(chars: number): Json[]
}

export const newTokenHolder = (): TokenHolder => {
  const held: { readonly startsAt: number; readonly entry: Json }[] = []
  let pushedChars = 0
  let takenChars = 0
  return {
    push: ({ text, entry }) => {
      held.push({ startsAt: pushedChars, entry })
      pushedChars += text.length
    },
    take: (chars) => {
      takenChars += chars
      const beyond = held.findIndex(({ startsAt }) => startsAt >= takenChars)
      return held.splice(0, beyond === -1 ? held.length : beyond).map(({ entry }) => entry)
    },
  }
}
