/** The official client at the gateway, and a plain one; each says which replica has answered. */
import OpenAI from 'openai'
import type { ServerUnderTest } from './stand.ts'

export interface Answered {
  /** As `x-replica` has it. */
  readonly replica: string
  readonly endedMs: number
}

export interface ModelClient {
  /** Names of all models at the gateway. */
  readonly models: () => Promise<readonly string[]>
  readonly complete: () => Promise<Answered>
  /** A piece every so often: it takes as long as that comes to, and has to come whole. */
  readonly stream: (asked: {
    readonly tokens: number
    readonly paceMs: number
  }) => Promise<Answered>
  /** What the replica itself says of its models, by GET. */
  readonly listed: () => Promise<Answered>
}

/** The run serves a model of its own name. */
export const newModelClient = (
  { url }: Pick<ServerUnderTest, 'url'>,
  { run, token }: { readonly run: string; readonly token: string },
): ModelClient => {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 })
  const messages = [{ role: 'user' as const, content: 'hello' }]
  const answeredBy = ({ headers }: Response): Answered => ({
    replica: headers.get('x-replica') ?? '',
    endedMs: performance.now(),
  })
  return {
    models: async () => (await client.models.list()).data.map(({ id }) => id),
    complete: async () => {
      const asked = { model: run, messages, max_tokens: 8 }
      const { data, response } = await client.chat.completions.create(asked).withResponse()
      if (!data.choices[0]?.message.content) throw new Error(`no text: ${JSON.stringify(data)}`)
      return answeredBy(response)
    },
    stream: async ({ tokens, paceMs }) => {
      const asked = {
        model: run,
        messages,
        max_tokens: tokens,
        stream: true as const,
        stream_options: { include_usage: true },
        pace_ms: paceMs,
      }
      const { data, response } = await client.chat.completions.create(asked).withResponse()
      let counted = 0
      for await (const { usage } of data) counted = usage?.completion_tokens ?? counted
      if (counted !== tokens) throw new Error(`${counted} of ${tokens} tokens came`)
      return answeredBy(response)
    },
    listed: async () => {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(`${url}/services/${run}/v1/models`, { headers })
      const text = await response.text()
      if (response.status !== 200) throw new Error(`${response.status}: ${text}`)
      return answeredBy(response)
    },
  }
}
