/** The stream of text-generation-inference, as chunks of OpenAI's chat completions. */
import type { Readable } from 'node:stream'
import type { Json } from '#domain/json'
import { eventOf, newEventReader } from './event-stream.ts'
import { type AnswerOptions, finishReasonOf, streamed, usageOf } from './generate-answer.ts'
import { newTokenHolder, readStreamedToken } from './generate-logprobs.ts'
import { isObject } from './read-body.ts'
import { answerInvalid, errorBody, ModelRefusal, refusalOf } from './refusal.ts'
import { newStopCutter } from './stop-cutter.ts'

export interface StreamOptions extends AnswerOptions {
  readonly includeUsage: boolean
}

/** The server sends errors in a stream that began with 200; these are the statuses it means. */
const statuses: ReadonlyMap<string, number> = new Map([
  ['validation', 422],
  ['overloaded', 429],
  ['generation', 424],
])

const errorIn = (value: unknown): ModelRefusal | null => {
  if (!isObject(value) || typeof value['error'] !== 'string') return null
  const type = typeof value['error_type'] === 'string' ? value['error_type'] : 'server_error'
  const status = statuses.get(type) ?? 500
  return new ModelRefusal({ status, type, reason: 'upstream_error', message: value['error'] })
}

const parseData = (data: string): unknown => {
  try {
    const value: unknown = JSON.parse(data)
    return value
  } catch (error) {
    throw answerInvalid("The model's server sent an event that is no JSON.", error)
  }
}

const tokenOf = (data: string) => {
  const value = parseData(data)
  const refused = errorIn(value)
  if (refused) throw refused
  const parsed = streamed.safeParse(value)
  if (parsed.success) return parsed.data
  throw answerInvalid("The model's server sent an event of another shape.", parsed.error)
}

async function* dataOf(body: Readable): AsyncGenerator<string> {
  const reader = newEventReader()
  const pieces: AsyncIterable<Buffer> = body
  for await (const piece of pieces) yield* reader.read(piece)
}

const done = eventOf('[DONE]')

/** The chunks, ended by `[DONE]` only where the server came to its end; throws else. */
async function* chunksOf(body: Readable, options: StreamOptions): AsyncGenerator<string> {
  const { heading, stops, includeUsage, withLogprobs } = options
  const cutter = newStopCutter(stops)
  const holder = newTokenHolder()
  const { id, created, model } = heading
  const event = (choices: Json, more: Record<string, Json> = {}): string =>
    eventOf(
      JSON.stringify({ id, object: 'chat.completion.chunk', created, model, choices, ...more }),
    )
  let isFirst = true
  let isOver = false
  const chunk = (content: string | null, finishReason: string | null): string => {
    const role = isFirst ? { role: 'assistant' } : {}
    isFirst = false
    const delta = { ...role, ...(content === null ? {} : { content }) }
    const told = withLogprobs && content !== null ? holder.take(content.length) : []
    const logprobs = told.length > 0 ? { content: told, refusal: null } : null
    return event([{ index: 0, delta, logprobs, finish_reason: finishReason }])
  }
  for await (const data of dataOf(body)) {
    // What little may follow is read to its end, so that the connection can be used again.
    if (isOver) continue
    const one = tokenOf(data)
    const { token, details } = one
    if (withLogprobs && !token.special) holder.push(readStreamedToken(one))
    const text = cutter.push(token.special ? '' : token.text)
    const rest = details ? cutter.end() : ''
    if (isFirst || text + rest !== '') yield chunk(text + rest, null)
    if (!details) continue
    yield chunk(null, finishReasonOf(details.finish_reason))
    const { input_length: inputLength, generated_tokens: count } = details
    if (includeUsage) {
      const known = typeof inputLength === 'number'
      yield event([], { usage: known ? usageOf(inputLength, count) : null })
    }
    yield done
    isOver = true
  }
  if (!isOver) throw answerInvalid("The model's server ended before its answer did.")
}

/** Errors become the last event, without `[DONE]`. */
async function* withErrors(
  first: string,
  rest: AsyncGenerator<string>,
  model: string,
): AsyncGenerator<string> {
  let last = first
  yield first
  try {
    for await (const chunk of rest) {
      last = chunk
      yield chunk
    }
  } catch (error) {
    if (last === done) return
    const message = `The server of "${model}" broke off in the middle of its answer.`
    yield eventOf(errorBody(refusalOf(error) ?? answerInvalid(message, error)))
  }
}

/** Resolves with the first chunk in hand: an error before it can still be told by the status. */
export const openChunks = async (
  body: Readable,
  options: StreamOptions,
): Promise<AsyncGenerator<string>> => {
  const chunks = chunksOf(body, options)
  const first = await chunks.next()
  if (first.done === true) throw answerInvalid("The model's server sent nothing.")
  return withErrors(first.value, chunks, options.heading.model)
}
