/** A chat completion by a replica that speaks text-generation-inference. */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ChatRequest, readChatRequest } from './chat-request.ts'
import { eventStreamHeaders, type Exchange, isSuccess } from './exchange.ts'
import { type AnswerOptions, chatCompletion } from './generate-answer.ts'
import { generateRequest, stopsOf } from './generate-request.ts'
import { openChunks } from './generate-stream.ts'
import { answerJson } from './list.ts'
import type { Prompts, TgiModel } from './prompts.ts'
import { parseObject } from './read-body.ts'
import { answerInvalid } from './refusal.ts'
import { passError } from './upstream-error.ts'

const maxAnswerBytes = 64 * 1024 * 1024

const readText = async (body: Readable): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  const pieces: AsyncIterable<Buffer> = body
  try {
    for await (const chunk of pieces) {
      size += chunk.length
      if (size > maxAnswerBytes) break
      chunks.push(chunk)
    }
  } catch (error) {
    throw answerInvalid("The model's server broke off in the middle of its answer.", error)
  }
  if (size <= maxAnswerBytes) return Buffer.concat(chunks).toString('utf8')
  throw answerInvalid(`The model's server answered with more than ${maxAnswerBytes} bytes.`)
}

const stream = async (
  { response }: Exchange,
  body: Readable,
  chat: ChatRequest,
  options: AnswerOptions,
): Promise<void> => {
  const includeUsage = chat.stream_options?.include_usage === true
  const chunks = await openChunks(body, { ...options, includeUsage })
  response.writeHead(200, { 'content-type': 'text/event-stream', ...eventStreamHeaders })
  try {
    await pipeline(Readable.from(chunks), response)
  } catch {
    body.destroy()
    response.destroy()
  }
}

export const completeByTgi = async (
  exchange: Exchange,
  model: TgiModel,
  { prompts, nowMs }: { prompts: Prompts; nowMs: number },
): Promise<void> => {
  const chat = readChatRequest(parseObject(exchange.body))
  const prompt = await prompts.of(model)
  const generate = await generateRequest(chat, prompt, exchange.signal)
  const isStream = chat.stream === true
  const answer = await exchange.ask({
    method: 'POST',
    path: isStream ? '/generate_stream' : '/generate',
    headers: {
      'content-type': 'application/json',
      accept: isStream ? 'text/event-stream' : 'application/json',
    },
    body: Buffer.from(JSON.stringify(generate)),
  })
  if (!isSuccess(answer)) {
    await passError(exchange, answer)
    return
  }
  const heading = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(nowMs / 1000),
    model: model.name,
  }
  const stops = stopsOf(chat, prompt.eosToken)
  const options = { heading, stops, withLogprobs: chat.logprobs === true }
  if (isStream) await stream(exchange, answer.body, chat, options)
  else answerJson(exchange.response, chatCompletion(await readText(answer.body), options))
}
