import { describe, expect, test } from 'vitest'
import { printConfiguration } from '#configuration/print'
import { readConfiguration } from '#configuration/read'

const read = (text: string) => readConfiguration(text, { file: 'a.dstack.yml' })

const full = `
type: service
image: x
commands: [a]
port: 80:8000
env: [A=s3cret]
registry_auth: {username: me, password: s3cret}
model: {format: tgi, type: chat, name: m}
replicas: 0..2
scaling: {metric: rps, target: 0.5}
resources:
  cpu: 4..8
  memory: 512MB..
  gpu: {name: [A100, H100], memory: ..80GB, count: 2, total_memory: 1TB, compute_capability: 8.0}
  disk: null
  shm_size: 0.1TB
backends: [lambda]
retry_policy: {duration: 1h}
max_duration: 2h
max_price: 1.25
`

describe('printConfiguration', () => {
  test('uses the keys and spellings of dstack', () => {
    expect(printConfiguration(read(full))).toMatchObject({
      port: { local_port: 80, container_port: 8000 },
      replicas: '0..2',
      resources: {
        cpu: '4..8',
        memory: '0.5GB..',
        gpu: { count: '2', memory: '..80GB', total_memory: '1024GB', compute_capability: '8.0' },
        shm_size: '102.4GB',
        disk: null,
      },
      retry_policy: { retry: true, duration: 3600 },
      max_duration: 7200,
      max_price: 1.25,
      backends: ['lambda'],
    })
  })

  test('masks what may be secret', () => {
    const text = JSON.stringify(printConfiguration(read(full)))
    expect(text).not.toContain('s3cret')
    expect(text).toContain('"A":"***"')
  })

  test.each([
    full,
    'type: task\nimage: x\nports: [80]\nnodes: 2\n',
    'type: dev-environment\nide: vscode\ninit: [a]\npython: 3.10\n',
  ])('prints a configuration that reads the same', (text) => {
    const printed = printConfiguration(read(text))
    const again = read(JSON.stringify(printed))
    expect(printConfiguration(again)).toEqual(printed)
    expect(again.resources).toEqual(read(text).resources)
  })
})
