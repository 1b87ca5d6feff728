/** What the endpoint itself refuses, in OpenAI's shape. */
import type { ServerResponse } from 'node:http'
import { KnownError } from '#domain/errors'
import { GatewayRefusal } from '#gateway/refusal'
import { PromptError } from './prompt-error.ts'
import { TemplateRefusal } from './chat-template.ts'

interface RefusalParts {
  readonly status: number
  readonly type: string
  /** For programs; never changes. */
  readonly reason: string
  readonly message: string
  /** The field of the request that is at fault. */
  readonly param?: string
  readonly retryAfterSeconds?: number | null
  readonly cause?: unknown
}

export class ModelRefusal extends KnownError {
  readonly code = 'model-refused'
  readonly recovery = 'fix-input'
  readonly status: number
  readonly type: string
  readonly reason: string
  readonly param: string | null
  readonly retryAfterSeconds: number | null

  constructor(parts: RefusalParts) {
    super(parts.message, { cause: parts.cause })
    this.status = parts.status
    this.type = parts.type
    this.reason = parts.reason
    this.param = parts.param ?? null
    this.retryAfterSeconds = parts.retryAfterSeconds ?? null
  }
}

const invalidRequest = 'invalid_request_error'

export const invalid = (message: string, param?: string): ModelRefusal =>
  new ModelRefusal({
    status: 400,
    type: invalidRequest,
    reason: 'invalid_value',
    message,
    ...(param === undefined ? {} : { param }),
  })

/** For what a client may ask for elsewhere, but this model's server cannot do. */
export const unsupported = (param: string, message: string): ModelRefusal =>
  new ModelRefusal({
    status: 400,
    type: invalidRequest,
    reason: 'unsupported_parameter',
    message,
    param,
  })

export const noJson = (): ModelRefusal =>
  new ModelRefusal({
    status: 400,
    type: invalidRequest,
    reason: 'invalid_json',
    message: 'The body must be a JSON object in UTF-8.',
  })

export const encodedBody = (encoding: string): ModelRefusal =>
  new ModelRefusal({
    status: 415,
    type: invalidRequest,
    reason: 'unsupported_encoding',
    message: `A body in the encoding "${encoding}" is not read; send plain JSON.`,
  })

export const bodyTooLarge = (maxBytes: number): ModelRefusal =>
  new ModelRefusal({
    status: 413,
    type: invalidRequest,
    reason: 'body_too_large',
    message: `The body is larger than ${maxBytes} bytes.`,
  })

/** The same for a model that is not there and one that the token may not use. */
export const modelNotFound = (name: string): ModelRefusal =>
  new ModelRefusal({
    status: 404,
    type: invalidRequest,
    reason: 'model_not_found',
    message: `There is no model "${name}", or the token may not use it.`,
    param: 'model',
  })

export const pathNotFound = (method: string, path: string): ModelRefusal =>
  new ModelRefusal({
    status: 404,
    type: invalidRequest,
    reason: 'unknown_url',
    message: `"${method} ${path}" is no path of this endpoint.`,
  })

/** A replica whose answer makes no sense. */
export const answerInvalid = (message: string, cause?: unknown): ModelRefusal =>
  new ModelRefusal({
    status: 502,
    type: 'upstream_error',
    reason: 'replica_answer_invalid',
    message,
    cause,
  })

/** Null for an error that nobody foresaw. */
export const refusalOf = (error: unknown): ModelRefusal | null => {
  if (error instanceof ModelRefusal) return error
  if (error instanceof GatewayRefusal) {
    const { status, type, reason, message, retryAfterSeconds } = error
    return new ModelRefusal({ status, type, reason, message, retryAfterSeconds, cause: error })
  }
  if (error instanceof TemplateRefusal) {
    return new ModelRefusal({
      status: 400,
      type: invalidRequest,
      reason: 'template_refused',
      message: error.message,
      param: 'messages',
      cause: error,
    })
  }
  if (error instanceof PromptError) {
    const message = error.hint === undefined ? error.message : `${error.message}; ${error.hint}`
    return new ModelRefusal({
      status: 500,
      type: 'server_error',
      reason: 'model_prompt_unusable',
      message,
      cause: error,
    })
  }
  return null
}

export const errorBody = ({ message, type, param, reason }: ModelRefusal): string =>
  JSON.stringify({ error: { message, type, param, code: reason } })

/** Where the answer has begun, it is cut short instead: nobody may take it for whole. */
export const refuse = (response: ServerResponse, refusal: ModelRefusal): void => {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = errorBody(refusal)
  if (!response.req.complete) response.shouldKeepAlive = false
  response.writeHead(refusal.status, {
    'content-type': 'application/json',
    'content-length': `${Buffer.byteLength(body)}`,
    'cache-control': 'no-store',
    ...(refusal.retryAfterSeconds === null
      ? {}
      : { 'retry-after': `${refusal.retryAfterSeconds}` }),
  })
  response.end(body)
}
