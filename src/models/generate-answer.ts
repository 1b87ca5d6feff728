/** Answers of text-generation-inference, as OpenAI's chat completions. */
import * as z from 'zod/mini'
import type { Json } from '#domain/json'
import { logprobsOf, readTokens, tokenList } from './generate-logprobs.ts'
import { answerInvalid } from './refusal.ts'
import { cutStop } from './stop-cutter.ts'

const sequence = {
  finish_reason: z.string(),
  generated_tokens: z.int(),
}

const generated = z.object({
  generated_text: z.string(),
  details: z.object({
    ...sequence,
    ...tokenList,
    input_length: z.nullish(z.int()),
    prefill: z.array(z.unknown()),
    best_of_sequences: z.nullish(
      z.array(z.object({ generated_text: z.string(), ...sequence, ...tokenList })),
    ),
  }),
})

type Generated = z.infer<typeof generated>

type Sequence = Pick<Generated['details'], 'finish_reason' | 'tokens' | 'top_tokens'> &
  Pick<Generated, 'generated_text'>

export const streamed = z.object({
  token: z.looseObject({ text: z.string(), special: z.boolean() }),
  top_tokens: z.nullish(z.unknown()),
  details: z.nullish(z.object({ ...sequence, input_length: z.nullish(z.int()) })),
})

/** What each chunk and the whole say about themselves. */
interface Heading {
  readonly id: string
  readonly created: number
  readonly model: string
}

const finishReasons: ReadonlyMap<string, 'stop' | 'length'> = new Map([
  ['stop_sequence', 'stop'],
  ['eos_token', 'stop'],
  ['length', 'length'],
])

export const finishReasonOf = (reason: string): 'stop' | 'length' => {
  const known = finishReasons.get(reason)
  if (known) return known
  throw answerInvalid(`The model's server ended for the unknown reason "${reason}".`)
}

export const usageOf = (promptTokens: number, completionTokens: number): Json => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
})

/** Null where the server does not say how long the prompt was. */
const promptTokensOf = ({ details }: Generated): number | null =>
  details.prefill.length > 0 ? details.prefill.length : (details.input_length ?? null)

export interface AnswerOptions {
  readonly heading: Heading
  readonly stops: readonly string[]
  readonly withLogprobs: boolean
}

const choiceOf = (one: Sequence, index: number, { stops, withLogprobs }: AnswerOptions): Json => {
  const content = cutStop(one.generated_text, stops)
  const cutChars = one.generated_text.length - content.length
  return {
    index,
    message: { role: 'assistant', content },
    logprobs: withLogprobs ? logprobsOf(readTokens(one), cutChars) : null,
    finish_reason: finishReasonOf(one.finish_reason),
  }
}

export const chatCompletion = (text: string, options: AnswerOptions): Json => {
  const { heading } = options
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw answerInvalid("The model's server answered with something that is no JSON.", error)
  }
  const { success, data, error } = generated.safeParse(value)
  if (!success) throw answerInvalid("The model's server answered in another shape.", error)
  const others = data.details.best_of_sequences ?? []
  const all = [{ generated_text: data.generated_text, ...data.details }, ...others]
  const promptTokens = promptTokensOf(data)
  const completionTokens = all.reduce((sum, one) => sum + one.generated_tokens, 0)
  return {
    id: heading.id,
    object: 'chat.completion',
    created: heading.created,
    model: heading.model,
    choices: all.map((one, index) => choiceOf(one, index, options)),
    ...(promptTokens === null ? {} : { usage: usageOf(promptTokens, completionTokens) }),
  }
}
