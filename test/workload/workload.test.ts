import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readConfiguration } from '#configuration/read'
import { ArgumentError } from '#domain/errors'
import { workloadOf } from '#workload/workload'

const workload = (lines: string, environment = {}) => {
  const text = `type: service\nport: 8000\n${lines}\n`
  const configuration = readConfiguration(text, { file: 'a.dstack.yml' })
  if (configuration.type !== 'service') throw new Error('no service')
  return workloadOf({
    configuration,
    variables: new Map([
      ['DSTACK_RUN_NAME', 'mine'],
      ['HOME', '/nowhere'],
      ['TOKEN', 's3cret'],
    ]),
    runName: 'run-1',
    repositoryId: createHash('sha256').update('x').digest('hex').slice(0, 16),
    projectDirectory: '/project',
    maxDurationSeconds: 60,
    environment,
  })
}

const lineOf = ({ entrypoint, command }: ReturnType<typeof workload>) =>
  entrypoint && command && [...entrypoint, ...command]

describe('the command line', () => {
  test.each([
    ['commands: [a, " b & ", c]', ['/bin/bash', '-i', '-c', 'a && { b & } && c']],
    ['setup: [x &]\ncommands: [a]', ['/bin/bash', '-i', '-c', '{ x & } && a']],
    ['image: i\nsetup: [x]\ncommands: [a]', ['/bin/sh', '-i', '-c', 'x && a']],
    ['image: i\nentrypoint: s -c "b c"\ncommands: [d e]', ['s', '-c', 'b c', 'd e']],
    [
      'image: i\nentrypoint: s -c\nsetup: [x, y]\ncommands: [a b]',
      ['/bin/sh', '-c', 'x && y && exec "$@"', 'sh', 's', '-c', 'a b'],
    ],
    ['image: i', null],
  ])('%j', (lines, expected) => expect(lineOf(workload(lines))).toEqual(expected))

  test('setup before the command of an image is refused', () => {
    expect(() => workload('image: i\nsetup: [x]')).toThrow(ArgumentError)
  })
})

test('the environment: defaults, then the configuration, then HOME', () => {
  const { environment, home } = workload('commands: [a]\nresources: {gpu: 2}\nhome_dir: /h')
  expect(environment).toMatchObject({
    DSTACK_RUN_NAME: 'mine',
    RUN_NAME: 'run-1',
    DSTACK_REPO_ID: '2d711642b726b044',
    DSTACK_GPUS_NUM: '2',
    TOKEN: 's3cret',
    HOME: '/h',
  })
  expect(home).toBe('/h')
})

test('the base image, and what may stand for it', () => {
  const base = 'dstackai/base:py3.12-0.4rc4-cuda-12.1'
  expect(workload('commands: [a]\npython: "3.12"')).toMatchObject({
    image: base,
    hostPython: '3.12',
    workingDirectory: '/workflow',
  })
  const given = workload('commands: [a]', { DSTACK_OFFERS_BASE_IMAGE: 'mine:1' })
  expect(given).toMatchObject({ image: 'mine:1', hostPython: null })
  const named = workload('image: i', { DSTACK_OFFERS_BASE_IMAGE: 'mine:1' })
  expect(named).toMatchObject({ image: 'i', workingDirectory: null })
  expect(named).not.toHaveProperty('hostPython')
})

test('sizes, port and limits', () => {
  const lines = 'commands: [a]\nresources: {cpu: 4, memory: 2GB..4GB, shm_size: 64MB}'
  expect(workload(lines)).toMatchObject({
    port: 8000,
    shmMib: 64,
    cpus: 4,
    memoryMib: 2048,
    gpuCount: 0,
    maxDurationSeconds: 60,
    projectDirectory: '/project',
  })
})
