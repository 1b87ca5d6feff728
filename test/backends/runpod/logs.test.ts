/** Output of a pod, from a server that writes events as they are documented, and never ends by itself. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runpod } from '#backends/runpod/backend'
import { closed, type LogsAsked, logsOf, opened, readLogs } from '../read-logs.ts'

const key = 'canary-runpod-logs'

interface Fake {
  readonly server: Server
  readonly endpoint: string
  /** What is written to each stream in turn; then it ends, or stays open. */
  streams: readonly ((response: ServerResponse) => void)[]
  status: string | null
  readonly asked: { readonly query: string; readonly headers: IncomingHttpHeaders }[]
  closed: number
}

const event = (second: number, line: string, number = 1): string => {
  const ts = `2026-06-01T12:00:${String(second).padStart(2, '0')}Z`
  const data = JSON.stringify({ ts, source: 'container', line })
  return `id: ${ts}/${String(number).padStart(12, '0')}\ndata: ${data}\n\n`
}

const keepAlive = ': nothing to tell\n\n'

const startFake = async (): Promise<Fake> => {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://127.0.0.1')
    request.resume()
    if (request.headers.authorization !== `Bearer ${key}`) response.writeHead(401).end('{}')
    else if (pathname === '/v2/pods/pod1/logs') {
      const write = fake.streams[fake.asked.length]
      fake.asked.push({ query: search, headers: request.headers })
      response.on('close', () => {
        fake.closed += 1
      })
      if (write === undefined) response.writeHead(404).end('{"detail":"not found"}')
      else write(response.writeHead(200, { 'content-type': 'text/event-stream' }))
    } else if (fake.status === null) response.writeHead(404).end('{"detail":"not found"}')
    else response.end(JSON.stringify({ id: 'pod1', name: 'dso', status: fake.status }))
  })
  const endpoint = await opened(server)
  const fake: Fake = { server, endpoint, streams: [], status: 'RUNNING', asked: [], closed: 0 }
  return fake
}

let fake: Fake

beforeEach(async () => {
  fake = await startFake()
})

afterEach(() => closed(fake.server))

const asked = (follow: boolean): LogsAsked => ({
  launcher: runpod,
  endpoint: fake.endpoint,
  key,
  id: 'pod1',
  follow,
})

const read = (follow: boolean): Promise<string> => readLogs(asked(follow))

describe('logs of runpod', () => {
  test('are the lines of before, until the stream has nothing to tell', async () => {
    fake.streams = [(to) => to.write(`${event(1, 'one')}${event(2, 'zwei ü')}${keepAlive}`)]
    expect(await read(false)).toBe('one\nzwei ü\n')
    expect(fake.asked[0]?.query).toBe('?source=container&tail=5000')
    expect(fake.asked[0]?.headers).toMatchObject({ accept: 'text/event-stream' })
    await expect.poll(() => fake.closed).toBe(1)
  })

  test('end with a silence where nothing marks the end', async () => {
    fake.streams = [(to) => to.write(event(1, 'one'))]
    expect(await read(false)).toBe('one\n')
  }, 20_000)

  test('come as they are written, in pieces of any size', async () => {
    const bytes = Buffer.from(`${event(1, 'grün').replaceAll('\n', '\r\n')}${event(2, 'b')}`)
    fake.streams = [
      async (to) => {
        for (const byte of bytes) {
          to.write(Buffer.of(byte))
          await delay(0)
        }
        to.write(keepAlive)
      },
    ]
    expect(await read(false)).toBe('grün\nb\n')
  })

  test('are followed over broken streams, each line once', async () => {
    fake.streams = [
      (to) => to.write(event(1, 'a') + event(2, 'b') + event(2, 'b'), () => to.destroy()),
      (to) => to.end(event(2, 'b') + event(2, 'b') + event(2, 'b') + event(3, 'c')),
      (to) => {
        fake.status = 'EXITED'
        to.end(`${keepAlive}${event(4, 'd')}id: 5\ndata: {"line":"cut o`)
      },
      (to) => to.write(`${event(5, 'e')}${keepAlive}`),
    ]
    expect(await read(true)).toBe('a\nb\nb\nb\nc\nd\ne\n')
    expect(fake.asked.map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      '2026-06-01T12:00:02Z/000000000001',
      '2026-06-01T12:00:03Z/000000000001',
      '2026-06-01T12:00:04Z/000000000001',
    ])
  })

  test('keep no other call waiting, and stop when they are told to', async () => {
    fake.streams = [(to) => to.write(event(1, 'a'))]
    const stop = new AbortController()
    const lines: string[] = []
    for await (const line of logsOf({ ...asked(true), signal: stop.signal })) {
      lines.push(line)
      expect((await fetch(`${fake.endpoint}/x`)).status).toBe(401)
      // The only turn at this host is free: one stream holds none.
      fake.streams = [...fake.streams, (to) => to.write(keepAlive)]
      expect(await read(false)).toBe('')
      stop.abort()
    }
    expect(lines).toEqual(['a\n'])
    await expect.poll(() => fake.closed).toBe(2)
  })

  test('end with the pod, and do not hide that nobody answers', async () => {
    fake.status = null
    expect(await read(true)).toBe('')
    expect(await read(false)).toBe('')
    const nowhere = { ...asked(false), endpoint: 'http://127.0.0.1:1' }
    await expect(readLogs(nowhere)).rejects.toThrow('ECONNREFUSED')
  })
})
