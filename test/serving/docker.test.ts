/** The official client, through the gateway, to a real llama.cpp in a container of a real engine. */
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningEngine, startEngine, whyNot } from '../backends/docker/engines.ts'
import { importModelImage } from './model-image.ts'
import { modelService, whyNoModelServer } from './model-server.ts'
import { newStand, type Stand } from './stand.ts'

const reason = whyNoModelServer() ?? whyNot('docker')
if (reason !== null) console.warn(`models in a container: not tried, ${reason}`)

describe.skipIf(reason !== null)('in a container', () => {
  let engine: RunningEngine | null = null
  let stand: Stand | null = null
  let client = new OpenAI({ apiKey: 'none' })

  beforeAll(async () => {
    engine = await startEngine('docker')
    const folderInImage = '/srv/model-server'
    await importModelImage(engine.docker, { name: 'localhost/model-server:1', folderInImage })
    stand = newStand({ DOCKER_HOST: engine.address })
    const { url, token } = await stand.server()
    const command = `node ${folderInImage}/serve.mjs ${folderInImage}/model.gguf`
    const service = modelService(command, 'image: localhost/model-server:1\n')
    await stand.run('boxed', service, '-b', 'docker')
    client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token ?? '', maxRetries: 0 })
  }, 120_000)

  afterAll(async () => {
    await stand?.end()
    await engine?.stop()
  }, 60_000)

  const asked = {
    model: 'harbour',
    messages: [{ role: 'user' as const, content: 'hello' }],
    max_tokens: 24,
    temperature: 0.8,
    seed: 7,
  }

  test('it is listed, completes and streams', async () => {
    const { choices } = await client.chat.completions.create(asked)
    const text = choices[0]?.message.content ?? ''
    expect(text).toMatch(/^[ -~]{10,}$/)
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['harbour'])
    const pieces: string[] = []
    for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
      pieces.push(chunk.choices[0]?.delta.content ?? '')
    }
    expect(pieces.length).toBeGreaterThan(5)
    expect(pieces.join('')).toBe(text)
    const running = await engine?.docker.listContainers()
    expect(running?.map(({ Image }) => Image)).toEqual(['localhost/model-server:1'])
  }, 120_000)
})
