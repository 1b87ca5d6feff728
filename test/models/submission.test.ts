/** `run` with a model of the format tgi, as a process of its own, and a hub on this machine. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { readRunRequest } from '#launch/run-request'
import { newStore } from '#runs/store'
import { openStateFile } from '#runs/state-file'
import { newPlayground } from '../cli/commands/processes.ts'
import { newReplica } from './harness.ts'

const service = `type: service
commands: [serve]
port: 8000
env: [HF_TOKEN=hf_of_the_run]
model: { type: chat, name: org/chat, format: tgi }
resources: { cpu: 1.., memory: 1GB.., disk: 50GB.. }
`

const play = () => {
  const playground = newPlayground()
  onTestFinished(() => playground.close())
  const file = join(playground.folder, 'chat.dstack.yml')
  writeFileSync(file, service)
  const words = `run ${file} -b simulator --name chat -y --no-overlay --no-files`.split(' ')
  return { ...playground, started: playground.start(words) }
}

const newHub = async (config: object, status = 200) => {
  const hub = await newReplica(({ path }, _request, response) => {
    const isConfig = path === '/org/chat/resolve/main/tokenizer_config.json'
    response.writeHead(isConfig ? status : 404).end(JSON.stringify(config))
  })
  vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${hub.port}`)
  return hub
}

afterEach(() => {
  vi.unstubAllEnvs()
})

test('the run is kept with the template and the end token that its hub told', async () => {
  const hub = await newHub({ chat_template: '{{ messages }}', eos_token: '</s>' })
  const { home, started } = play()
  await started.until(/^chat {2}provisioning$/m)
  const store = newStore(openStateFile(join(home, 'runs.sqlite'), { durable: false }), () => 0)
  const request = readRunRequest(store.runNamed('chat')?.spec.request ?? '{}')
  expect(request.serving.model).toMatchObject({
    chatTemplate: '{{ messages }}',
    eosToken: '</s>',
  })
  expect(hub.seen.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer hf_of_the_run',
    'Bearer hf_of_the_run',
  ])
})

test.each([
  [
    'has none',
    { eos_token: '</s>' },
    200,
    ['model.chat_template is not set', '"org/chat"', 'write chat_template under model'],
  ],
  ['is not for everybody', {}, 401, ['HTTP 401', 'set HF_TOKEN', 'write chat_template']],
])('a model that %s is refused before anything is asked for', async (_, config, status, told) => {
  await newHub(config, status)
  const { started, said } = play()
  const { code, text } = await started.ended
  expect(code).toBe(2)
  for (const part of told) expect(text).toContain(part)
  expect(text).not.toContain('hf_of_the_run')
  expect((await said('ps', '-a')).text).toBe('No runs.\n')
})

test('without a hub that answers, what to write instead', async () => {
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9')
  const { started, said } = play()
  const { code, text } = await started.ended
  expect(code).toBe(2)
  expect(text).toContain('127.0.0.1:9 gives no answer')
  expect(text).toContain('write chat_template and eos_token under model')
  expect((await said('ps', '-a')).text).toBe('No runs.\n')
})
