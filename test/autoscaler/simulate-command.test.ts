import { readFileSync } from 'node:fs'
import { parseXml } from '@rgrove/parse-xml'
import { describe, expect, test } from 'vitest'
import { textWidth } from '#cli/text-width'
import { run } from '../cli/world.ts'

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8')

const files = {
  'serve.dstack.yml': example('serve.dstack.yml'),
  'zero.dstack.yml': example('serve.dstack.yml').replace('replicas: 1..4', 'replicas: 0..4'),
  'traffic.csv': example('traffic.csv'),
  'one.csv': 'seconds\n5\n',
  'a<b&c.csv': 'seconds\n5\n65\n',
  'train.dstack.yml': 'type: task\ncommands: [python train.py]\n',
}

const simulated = (words: readonly string[], columns?: number) => {
  const written = new Map<string, string>()
  const environment = { HUGGING_FACE_HUB_TOKEN: 'x', NO_COLOR: '1' }
  const options = { files, environment, written, ...(columns === undefined ? {} : { columns }) }
  return run(['simulate', ...words], options).then((found) => ({ ...found, written }))
}

describe('the document', () => {
  test('has exact money, and seconds from the start', async () => {
    const words = ['zero.dstack.yml', '--trace', 'one.csv', '--price', '1.20', '-o', 'json']
    const { code, stdout } = await simulated(words)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'simulation',
      trace: { file: 'one.csv', requests: 1, seconds: 5 },
      assumptions: { offer: null, startup_seconds: 180, price: { amount: '1.2' } },
      result: {
        // Ten minutes of one replica: the delay counts from its submission.
        cost: { amount: '0.2', currency: 'USD' },
        replica_seconds: 600,
        wait_seconds: { p50: 180, p95: 180, max: 180 },
        dropped: 0,
        cold_starts: 1,
      },
      steps: [
        { at_seconds: 0, replicas: 0, ready: 0 },
        { at_seconds: 5, replicas: 1, ready: 0 },
        { at_seconds: 185, replicas: 1, ready: 1 },
        { at_seconds: 605, replicas: 0, ready: 0 },
      ],
    })
  })
})

describe('the report', () => {
  test.each([40, 80])('is no wider than %i columns', async (columns) => {
    const words = [
      'serve.dstack.yml',
      '--trace',
      'traffic.csv',
      '--price',
      '1',
      '--concurrency',
      '8',
    ]
    const { stdout } = await simulated(words, columns)
    for (const line of stdout.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(columns)
  })
})

test('the picture is one of XML, whatever the names are', async () => {
  const words = ['serve.dstack.yml', '--trace', 'a<b&c.csv', '--price', '1', '--svg', 'out.svg']
  const { written } = await simulated(words)
  const svg = written.get('out.svg') ?? ''
  expect(svg).toContain('a&lt;b&amp;c.csv')
  expect(svg).not.toContain('NaN')
  expect(parseXml(svg).root?.name).toBe('svg')
})

test.each([
  [['train.dstack.yml', '--trace', 'one.csv'], '"train.dstack.yml" is a task'],
  [['serve.dstack.yml'], "required option '--trace <csv>' not specified"],
  [['serve.dstack.yml', '--trace', 'no.csv'], 'no.csv'],
  [
    ['serve.dstack.yml', '--trace', 'one.csv', '--startup', 'soon'],
    '--startup "soon" is no duration',
  ],
  [['serve.dstack.yml', '--trace', 'one.csv', '--service-time', '0'], '--service-time'],
  [['serve.dstack.yml', '--trace', 'one.csv', '--price', '-1'], '--price "-1" is no price'],
  [['serve.dstack.yml', '--trace', 'one.csv', '--concurrency', '0'], '--concurrency "0"'],
])('%j is refused', async (words, said) => {
  const { code, stderr } = await simulated(words)
  expect(code).toBe(2)
  expect(stderr).toContain(said)
})
