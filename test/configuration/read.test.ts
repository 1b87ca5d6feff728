import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfiguration } from '#configuration/read'
import { ConfigurationError, type Problem } from '#domain/errors'

const file = 'a.dstack.yml'
const service = 'type: service\ncommands: [x]\nport: 8000\n'

const read = (text: string) => readConfiguration(text, { file })

const problemsOf = (text: string): readonly Problem[] => {
  try {
    read(text)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
  return []
}

/** The texts the positions point at, one per problem. */
const pointedAt = (text: string): readonly string[] =>
  problemsOf(text).map(({ position }) => {
    if (!position) throw new Error('a problem has no position')
    const line = Array.from(text.split('\n')[position.line - 1] ?? '')
    return line.slice(position.column - 1, position.column - 1 + position.length).join('')
  })

const only = (text: string): Problem => {
  const problems = problemsOf(text)
  expect(problems).toHaveLength(1)
  const [problem] = problems
  if (!problem) throw new Error('there is no problem')
  return problem
}

describe('a configuration', () => {
  test('of each type is read with its defaults', () => {
    expect(read(service)).toMatchObject({
      type: 'service',
      port: { localPort: 80, containerPort: 8000 },
      auth: true,
      replicas: { min: 1, max: 1 },
      homeDir: '/root',
      spotPolicy: null,
    })
    expect(read('type: task\nimage: x\nports: [8000, "*:80", "1:2"]\n')).toMatchObject({
      nodes: 1,
      ports: [
        { localPort: 8000, containerPort: 8000 },
        { localPort: null, containerPort: 80 },
        { localPort: 1, containerPort: 2 },
      ],
    })
    expect(read('type: dev-environment\nide: vscode\n')).toMatchObject({ init: [], version: null })
  })

  test('keeps the spelling of versions', () => {
    const text = `${service}python: 3.10\nresources: {gpu: {compute_capability: 8.0}}\n`
    expect(read(text)).toMatchObject({
      python: '3.10',
      resources: { gpu: { computeCapability: [8, 0] } },
    })
    expect(read(`${service}python: 3.1\n`).python).toBe('3.10')
    expect(only(`${service}python: "3.1"\n`).hint).toContain('3.10')
  })

  test('may start with a mark and end its lines as on Windows', () => {
    const text = `\uFEFF${service.replaceAll('\n', '\r\n')}`
    expect(read(text)).toEqual(read(service))
  })

  test('takes words for booleans', () => {
    for (const word of ['off', 'No', '"F"', '0', 'false'])
      expect(read(`${service}auth: ${word}\n`)).toMatchObject({ auth: false })
    expect(read(`${service}max_duration: off\n`).maxDuration).toBe('off')
  })
})

describe('problems', () => {
  test('are told all at once, in the order of the file, each at its place', () => {
    const text = [
      'type: service',
      'port: 0',
      'spot_policy: ondemand',
      'backends: [aws, awz]',
      'resources: {gpu: ":", memory: 8G, cpuu: 3}',
      'foo: 1',
      'env: [A, A=1]',
      'commands: [x]',
      'port: 80',
      'registry_auth: {username: me}',
    ].join('\n')
    expect(pointedAt(text)).toEqual([
      '0',
      'ondemand',
      'awz',
      '":"',
      '8G',
      'cpuu',
      'foo',
      'A=1',
      'port',
      'registry_auth',
    ])
    expect(problemsOf(text).map(({ path }) => path.join('.'))).toEqual([
      'port',
      'spot_policy',
      'backends.1',
      'resources.gpu',
      'resources.memory',
      'resources.cpuu',
      'foo',
      'env.1',
      '',
      'registry_auth.password',
    ])
  })

  test.each([
    ['spot_policy: ondemand', '"on-demand"'],
    ['spotPolicy: auto', '"spot_policy"'],
    ['backends: [lamda]', '"lambda"'],
    ['resources: {gpus: 1}', '"gpu"'],
    ['resources: {memory: 8G}', '"8GB"'],
    ['resources: {memory: 16gib}', '"16GB"'],
    ['resources: {gpu: {compute_capability: 8}}', '8.0'],
    ['max_price: $2', 'write 2'],
    ['ports: [80]', 'port'],
    ['nodes: 2', 'task'],
    ['python: "3.13"', 'later dstack'],
    ['retry: true', 'retry_policy'],
    ['idle_duration: 5m', 'termination_idle_time'],
    ['fleets: [a]', 'pool_name'],
    ['gateway: x', '0.18 has none'],
    ['resources: {gpu: "nvidia:A100"}', '"nvidia"'],
    ['resources: {gpu: {vendor: nvidia}}', 'name'],
    ['resources: {cpu: "arm:8"}', '"8"'],
    ['model: llama', 'format: openai'],
    ['termination_idle_time: off', 'dont-destroy'],
    ['image: true', 'quotes'],
    ['regions: eu-west-1', '[eu-west-1]'],
  ])('%s: the hint says %s', (line, hint) => {
    expect(only(`${service}${line}\n`).hint).toContain(hint)
  })

  test.each(
    [
      'name: a',
      'volumes: [a]',
      'https: auto',
      'probes: []',
      'tags: {}',
      'files: [a]',
      'docker: true',
    ].map((line) => [line]),
  )('%s belongs to a later dstack', (line) => {
    expect(only(`${service}${line}\n`).message).toContain('later dstack')
  })

  test('of keys that depend on each other', () => {
    expect(only('type: service\nport: 80\n').message).toContain('commands or image')
    expect(only(`${service}image: a\npython: "3.11"\n`).path).toEqual(['python'])
    expect(only(`${service}replicas: 1..4\n`).path).toEqual(['replicas'])
    expect(only(`${service}scaling: {metric: rps, target: 1}\n`).path).toEqual(['scaling'])
  })

  test('of a wrong part are not followed by the rules that need it', () => {
    expect(only(`${service}replicas: 1..4\nscaling: {metric: cpu, target: 1}\n`).path).toEqual([
      'scaling',
      'metric',
    ])
    expect(only(`${service}replicas: 4..1\nscaling: {metric: rps, target: 1}\n`).path).toEqual([
      'replicas',
    ])
  })

  test('of a type', () => {
    expect(only('type: servce\n').hint).toContain('"service"')
    expect(only('commands: [x]\n').message).toContain('"type" is required')
    expect(only('type: fleet\n').message).toContain('later dstack')
    expect(only('').message).toBe('the file is empty')
    expect(only('# nothing\n').message).toBe('the file is empty')
    expect(only('- type: service\n').message).toContain('no configuration')
    expect(only('just words\n').message).toContain('no configuration')
  })

  test('show no value of a variable', () => {
    const text = `${service}env: [A-B=s3cret, "C=s3cret\\nx", D=s3cret, D=s3cret]\n`
    for (const { message, hint } of problemsOf(text))
      expect(`${message} ${hint}`).not.toContain('s3c')
    expect(problemsOf(text)).toHaveLength(3)
  })
})

describe('any text', () => {
  const word = fc.constantFrom(
    ...'type: service|task|port: 80|commands:|- a|\n|  |resources:|gpu: |A100|80GB..|:|{|}|[|]|"|env:|- A=1|replicas: 1..|scaling:|<<: *a|&a |model: |disk: {size: 1}|null|\t|😀'.split(
      '|',
    ),
  )

  test('gives a configuration, or problems with places inside of the text', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 25 }), (words) => {
        const text = words.join('')
        const lines = text.split('\n')
        for (const { position, message } of problemsOf(text)) {
          expect(message).not.toBe('')
          const line = lines[(position?.line ?? 0) - 1]
          expect(line).toBeDefined()
          const length = Array.from(line ?? '').length
          expect(position?.column).toBeGreaterThanOrEqual(1)
          expect((position?.column ?? 0) + (position?.length ?? 0) - 1).toBeLessThanOrEqual(
            Math.max(1, length + 1),
          )
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('any value under any key', () => {
  const key = fc.constantFrom(
    ...'type commands port ports model auth replicas scaling image env entrypoint home_dir'.split(
      ' ',
    ),
    ...'registry_auth python setup resources backends nodes regions spot_policy retry_policy'.split(
      ' ',
    ),
    ...'max_duration max_price ide init cpu memory gpu disk size name count min max'.split(' '),
    ...'x __proto__ toString'.split(' '),
  )
  const scalar = fc.oneof(
    fc.constantFrom('8GB..', '1..4', 'A100:80GB:2', '80:8000', 'spot', 'openai', 'rps', 'off', ''),
    fc.constantFrom(null, true, false, 0, 1, -1, 2.5, 8000, 1e21),
    fc.string({ maxLength: 8 }),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { weight: 3, arbitrary: scalar },
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }))
  const type = fc.constantFrom('service', 'task', 'dev-environment')

  test.each([
    '{"type":"service","resources":{"disk":[{}]}}',
    '{"type":"service","resources":{"memory":{"min":{}}}}',
    '{"type":"service","port":[{}],"max_price":{},"env":{"A":{}}}',
  ])('%s is refused, not tripped over', (text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0)
  })

  test('is read, or refused with a place', () => {
    fc.assert(
      fc.property(type, fc.dictionary(key, value, { maxKeys: 8 }), (type, rest) => {
        for (const problem of problemsOf(JSON.stringify({ ...rest, type }))) {
          expect(problem.position?.line).toBe(1)
          expect(problem.message).not.toMatch(/undefined|\[object|Invalid input/)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
