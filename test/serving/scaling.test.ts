/** From zero to three replicas and back, with requests on the way all the time. */
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startLoad } from './load.ts'
import { localModelService, whyNoModelServer } from './model-server.ts'
import { ask, plainService } from './plain-service.ts'
import { newStand, type ServerUnderTest, type Stand, until } from './stand.ts'

const reason = whyNoModelServer()
if (reason !== null) console.warn(`scaling: not tried, ${reason}`)

/** Thirty requests in a minute for each replica. */
const scaling = `replicas: 0..3
scaling:
  metric: rps
  target: 0.5
  scale_up_delay: 1
  scale_down_delay: 1
`

describe.skipIf(reason !== null)('scaling', () => {
  let stand: Stand
  beforeEach(() => {
    stand = newStand()
  })
  afterEach(() => stand.end())

  /** Replicas that run, as the server's metrics have it. */
  const runningOf = async (
    server: ServerUnderTest,
    token: string,
    run: string,
  ): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` }
    const text = await (await fetch(`${server.url}/metrics`, { headers })).text()
    const line = new RegExp(`^dstack_offers_replicas{run="${run}",status="running"} (\\d+)$`, 'm')
    return Number(line.exec(text)?.[1] ?? 0)
  }

  test('0, 1, 3, 1 and 0 replicas, and no request fails', async () => {
    const server = await stand.server()
    const token = server.token ?? ''
    const service = localModelService(stand.folder, scaling)
    await stand.run('llm', service, '-b', 'local')
    await stand.run('slow', plainService(scaling), '-b', 'local')
    const counts = async (): Promise<string> =>
      `${await runningOf(server, token, 'llm')} ${await runningOf(server, token, 'slow')}`
    expect(await counts()).toBe('0 0')
    expect(stand.machines()).toEqual([])

    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: token, maxRetries: 0 })
    const complete = async (): Promise<string> => {
      const messages = [{ role: 'user' as const, content: 'hello' }]
      const asked = { model: 'harbour', messages, max_tokens: 8 }
      const { choices } = await client.chat.completions.create(asked)
      return choices[0]?.message.content ?? ''
    }
    const think = (thinksMs: number) => () => ask(server, { run: 'slow', token, thinksMs })

    const beganMs = performance.now()
    const held = await Promise.all([complete(), think(0)()])
    const coldMs = performance.now() - beganMs
    expect(held[0]).not.toBe('')
    expect(await counts()).toBe('1 1')

    const burst = [
      startLoad({ clients: 4, everyMs: 100 }, complete),
      startLoad({ clients: 4, everyMs: 100 }, think(50)),
    ]
    await until(counts, (seen) => seen === '3 3', 60_000)
    await Promise.all(burst.map((load) => load.stop()))
    const upMs = performance.now() - beganMs

    // Too few to need more than one replica, and long enough to be on each when two of them go.
    const trickle = [
      startLoad({ clients: 1, everyMs: 4000 }, complete),
      startLoad({ clients: 3, everyMs: 0 }, think(9000)),
    ]
    await until(counts, (seen) => seen === '1 1', 90_000)
    await Promise.all(trickle.map((load) => load.stop()))
    const downMs = performance.now() - beganMs
    await until(counts, (seen) => seen === '0 0', 90_000)
    await until(
      () => stand.machines().join(),
      (names) => names === '',
      10_000,
    )

    const all = [...burst, ...trickle]
    expect(all.flatMap(({ failures }) => failures)).toEqual([])
    for (const { answers } of all) expect(answers.length).toBeGreaterThan(0)
    const total = all.reduce((sum, { answers }) => sum + answers.length, 2)
    const steps = [coldMs, upMs, downMs, performance.now() - beganMs]
    const seconds = steps.map((ms) => (ms / 1000).toFixed(1)).join(', ')
    console.info(`${total} requests, none failed; 1, 3, 1 and 0 replicas after ${seconds} s`)
  }, 300_000)
})
