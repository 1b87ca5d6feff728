/** The endpoint of models: one address, in OpenAI's shape, for what all services serve. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Bearer, Service } from '#domain/serving'
import type { ModelsHandler } from '#gateway/options'
import { type Candidate, candidatesFor, newTurns } from './choose-run.ts'
import { askUntilGone, type Send } from './exchange.ts'
import type { HubOptions } from './hub-files.ts'
import { answerList, answerOne } from './list.ts'
import { passOn } from './pass-on.ts'
import { newPrompts } from './prompts.ts'
import { parseObject, readBody } from './read-body.ts'
import { invalid, modelNotFound, pathNotFound, refusalOf, refuse, unsupported } from './refusal.ts'
import { newTemplateProcess, type TemplateProcess } from './template-process.ts'
import { completeByTgi } from './tgi.ts'

export interface ModelsOptions extends HubOptions {
  readonly services: () => readonly Service[]
  readonly send: Send
  readonly maxBodyBytes?: number
  /** One of its own, by default, for as long as this process lives. */
  readonly templates?: TemplateProcess
}

const defaultMaxBodyBytes = 16 * 1024 * 1024

const chatPath = '/chat/completions'

/** What names its model in a JSON body. Anything else is asked of the service by its own address. */
const passedOn: ReadonlySet<string> = new Set([
  chatPath,
  '/completions',
  '/embeddings',
  '/responses',
])

const modelNameIn = (body: Buffer): string => {
  const { model } = parseObject(body)
  if (typeof model === 'string') return model
  throw invalid('The field "model" must name a model.', 'model')
}

/** With and without `/v1`, and without the slash at the end. */
const shortPath = (path: string): { short: string; search: string } => {
  const query = path.indexOf('?')
  const whole = query === -1 ? path : path.slice(0, query)
  const bare = whole === '/v1' || whole.startsWith('/v1/') ? whole.slice('/v1'.length) : whole
  const short = bare.endsWith('/') ? bare.slice(0, -1) : bare
  return { short, search: query === -1 ? '' : path.slice(query) }
}

const withPrefix = (prefix: string, path: string): string => {
  const bare = prefix.replace(/^\/+|\/+$/g, '')
  return bare === '' ? path : `/${bare}${path}`
}

export const newModels = (options: ModelsOptions): ModelsHandler => {
  const { services, send, clock, maxBodyBytes = defaultMaxBodyBytes } = options
  const { templates = newTemplateProcess() } = options
  const turns = newTurns()
  const prompts = newPrompts({ ...options, templates })

  const choose = (name: string, path: string, bearer: Bearer): Candidate => {
    const named = candidatesFor(services(), bearer).filter(({ model }) => model.name === name)
    if (named.length === 0) throw modelNotFound(name)
    const able = named.filter(({ model }) => path === chatPath || model.format === 'openai')
    const chosen = turns.next(name, able)
    if (chosen) return chosen
    throw unsupported('model', `"${name}" is served in the format tgi, which has no "${path}".`)
  }

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    bearer: Bearer,
    path: string,
    signal: AbortSignal,
  ): Promise<void> => {
    const method = request.method ?? 'GET'
    const { short, search } = shortPath(path)
    if (short === '/models' && (method === 'GET' || method === 'HEAD')) {
      answerList(response, candidatesFor(services(), bearer))
    } else if (short.startsWith('/models/') && (method === 'GET' || method === 'HEAD')) {
      answerOne(response, candidatesFor(services(), bearer), short.slice('/models/'.length))
    } else if (passedOn.has(short) && method === 'POST') {
      const body = await readBody(request, maxBodyBytes)
      const { service, model } = choose(modelNameIn(body), short, bearer)
      const exchange = { request, response, body, signal, ask: askUntilGone(send, service, signal) }
      if (model.format === 'tgi') {
        await completeByTgi(exchange, model, { prompts, nowMs: clock.nowMs() })
      } else {
        await passOn(exchange, `${withPrefix(model.prefix, short)}${search}`)
      }
    } else {
      throw pathNotFound(method, path.slice(0, 200))
    }
  }

  return async (request, response, bearer, path) => {
    const left = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) left.abort(new Error('the client left'))
    })
    // That any page may ask is said by the gateway; what it may read is said here.
    response.setHeader('access-control-expose-headers', '*')
    try {
      await answer(request, response, bearer, path, left.signal)
    } catch (error) {
      if (left.signal.aborted) return
      const refusal = refusalOf(error)
      if (refusal === null) throw error
      refuse(response, refusal)
    }
  }
}
