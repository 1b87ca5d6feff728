/** A chat request, as far as a server that only continues text can fulfil it. */
import * as z from 'zod/mini'
import type { JsonObject } from './read-body.ts'
import { invalid, unsupported } from './refusal.ts'

const count = () => z.nullish(z.int().check(z.positive()))

const schema = z.object({
  model: z.string(),
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: z.nullish(z.union([z.string(), z.array(z.looseObject({ type: z.string() }))])),
      }),
    )
    .check(z.minLength(1)),
  max_tokens: count(),
  max_completion_tokens: count(),
  n: count(),
  seed: z.nullish(z.int().check(z.nonnegative())),
  temperature: z.nullish(z.number().check(z.nonnegative())),
  top_p: z.nullish(z.number().check(z.positive(), z.lte(1))),
  stop: z.nullish(
    z.union([z.string().check(z.maxLength(1000)), z.array(z.string().check(z.maxLength(1000)))]),
  ),
  stream: z.nullish(z.boolean()),
  stream_options: z.nullish(z.object({ include_usage: z.nullish(z.boolean()) })),
  tools: z.nullish(z.array(z.looseObject({}))),
  tool_choice: z.nullish(z.unknown()),
  logprobs: z.nullish(z.boolean()),
  top_logprobs: z.nullish(z.int().check(z.nonnegative(), z.lte(20))),
  logit_bias: z.nullish(z.looseObject({})),
  response_format: z.nullish(
    z.looseObject({
      type: z.string(),
      json_schema: z.nullish(z.looseObject({ schema: z.nullish(z.looseObject({})) })),
    }),
  ),
  frequency_penalty: z.nullish(z.number().check(z.gte(-2), z.lte(2))),
  presence_penalty: z.nullish(z.number()),
  // Not of OpenAI, but spelled alike by all who serve models.
  repetition_penalty: z.nullish(z.number().check(z.positive())),
  top_k: z.nullish(z.int().check(z.positive())),
  typical_p: z.nullish(z.number().check(z.positive(), z.lt(1))),
})

type Parsed = z.infer<typeof schema>

export interface ChatRequest extends Parsed {
  /** With the text of every message as one string, as templates want it. */
  readonly messages: Parsed['messages']
  readonly answerSchema: JsonObject | null
}

const hasEntries = (value: object | null | undefined): boolean =>
  Object.keys(value ?? {}).length > 0

/** What would change the answer and cannot be passed on: better refused than left out. */
const refuseUnsupported = (request: Parsed): void => {
  const { tool_choice: choice } = request
  const asked: Record<string, boolean> = {
    logit_bias: hasEntries(request.logit_bias),
    // What the server calls repetition_penalty is another thing.
    presence_penalty: (request.presence_penalty ?? 0) !== 0,
    tool_choice: !(
      choice === null ||
      choice === undefined ||
      choice === 'auto' ||
      choice === 'none'
    ),
  }
  const param = Object.keys(asked).find((name) => asked[name])
  if (param !== undefined) {
    throw unsupported(param, `"${param}" is not supported by this model's server (format tgi).`)
  }
  if (request.stream === true && (request.n ?? 1) > 1) {
    throw unsupported('n', `"n" above 1 cannot be streamed by this model's server (format tgi).`)
  }
  if ((request.top_logprobs ?? 0) > 0 && request.logprobs !== true) {
    throw invalid('"top_logprobs" needs "logprobs": true.', 'top_logprobs')
  }
}

/** The schema that the answer must follow; null where any text will do. */
const answerSchemaOf = ({ response_format: format }: Parsed): JsonObject | null => {
  if (format === null || format === undefined || format.type === 'text') return null
  const schema = format.json_schema?.schema
  if (format.type === 'json_schema') {
    if (schema) return schema
    throw invalid('"json_schema" needs a "schema".', 'response_format.json_schema.schema')
  }
  // The server refuses a grammar without properties, and so JSON of any shape.
  throw unsupported(
    'response_format',
    `"${format.type}" is no response format of this model's server (format tgi): use "json_schema".`,
  )
}

const plainText = (content: readonly { type: string; text?: unknown }[]): string =>
  content
    .map(({ type, text }) => {
      if (type === 'text' && typeof text === 'string') return text
      throw unsupported('messages', `Content of the type "${type}" cannot be put into a prompt.`)
    })
    .join('\n')

export const readChatRequest = (body: JsonObject): ChatRequest => {
  const { success, data, error } = schema.safeParse(body)
  if (!success) {
    const [issue] = error.issues
    const param = issue?.path.join('.') ?? ''
    throw invalid(`"${param}": ${issue?.message ?? 'not as it must be'}.`, param)
  }
  refuseUnsupported(data)
  const messages = data.messages.map((message) =>
    Array.isArray(message.content) ? { ...message, content: plainText(message.content) } : message,
  )
  return { ...data, messages, answerSchema: answerSchemaOf(data) }
}
