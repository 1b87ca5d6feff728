/** Output of a contract, from a server that puts each piece where it is fetched a little later. */
import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { vastai } from '#backends/vastai/backend'
import { newLines } from '#backends/vastai/logs'
import { closed, opened, readLogs } from '../read-logs.ts'

const key = 'canary-vastai-logs'

interface Fake {
  readonly server: Server
  readonly endpoint: string
  /** Pieces, one for each time that it is asked; the container ends with the last. */
  pieces: readonly string[]
  address: string
  asked: number
  /** Fetches of the newest piece that come too early. */
  early: number
  readonly fetches: { readonly path: string; readonly authorization: string | undefined }[]
}

const startFake = async (): Promise<Fake> => {
  const server = createServer((request, response) => {
    const { url = '', method = '', headers } = request
    const answer = (status: number, text: string): void => {
      response.writeHead(status).end(text)
    }
    request.resume()
    if (url.startsWith('/logs/')) {
      fake.fetches.push({ path: url, authorization: headers.authorization })
      fake.early -= 1
      if (fake.early >= 0) answer(403, '<Error/>')
      else answer(200, fake.pieces[fake.asked - 1] ?? '')
      return
    }
    if (headers.authorization !== `Bearer ${key}`) answer(404, 'Invalid user key')
    else if (method === 'PUT' && url === '/api/v0/instances/request_logs/7') {
      fake.asked += 1
      answer(200, JSON.stringify({ success: true, result_url: fake.address, msg: '' }))
    } else if (method === 'GET' && url === '/api/v0/instances/7/') {
      const status = fake.asked + 1 < fake.pieces.length ? 'running' : 'exited'
      answer(200, JSON.stringify({ instances: { id: 7, actual_status: status } }))
    } else answer(404, 'no such endpoint')
  })
  const fake: Fake = {
    server,
    endpoint: await opened(server),
    pieces: [],
    address: 'https://s3.amazonaws.com/vast.ai/instance_logs/abc.log',
    asked: 0,
    early: 0,
    fetches: [],
  }
  return fake
}

let fake: Fake

beforeEach(async () => {
  fake = await startFake()
})

afterEach(() => closed(fake.server))

const read = (follow: boolean): Promise<string> =>
  readLogs({ launcher: vastai, endpoint: fake.endpoint, key, id: '7', follow })

describe('logs of vastai', () => {
  test('are fetched once they are there, and without the key', async () => {
    fake.pieces = ['one\ntwo\n', 'never asked for']
    fake.early = 2
    expect(await read(false)).toBe('one\ntwo\n')
    expect(fake.fetches).toHaveLength(3)
    expect(fake.fetches[0]).toEqual({
      path: '/logs/vast.ai/instance_logs/abc.log',
      authorization: undefined,
    })
  })

  test('are followed to the end of the container, each line once', async () => {
    fake.pieces = ['a\nb\n', 'a\nb\nc\n', 'b\nc\nd\n', 'b\nc\nd\n']
    expect(await read(true)).toBe('a\nb\nc\nd\n')
    expect(fake.asked).toBe(4)
  })

  test('are fetched from nowhere else, wherever an answer points', async () => {
    for (const address of ['https://example.org/x', 'http://s3.amazonaws.com/x', 'x']) {
      fake.address = address
      await expect(read(false)).rejects.toThrow('an address that is not known')
    }
    expect(fake.fetches).toEqual([])
  })

  test('that have been missed in between are not taken for the same lines', () => {
    expect(newLines(['a', 'b'], ['x', 'y'])).toEqual(['x', 'y'])
    expect(newLines(['tick', 'tick'], ['tick', 'tick', 'tick'])).toEqual(['tick'])
    expect(newLines([], ['a'])).toEqual(['a'])
    expect(newLines(['a', 'b'], ['b'])).toEqual([])
  })
})
