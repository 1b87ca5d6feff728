import { expect, test } from 'vitest'
import { removeKey, setKey } from '#why/yaml-edit'

const text = `# a service
type: service
regions: # near us
  - us-east-1
  - us-east-2 # the larger

resources:
  # enough for the model
  gpu: A100:80GB # or better
  memory: 64GB..
max_price: 0.80 # dollars
`

test('a value is replaced, and its comment stays', () => {
  expect(setKey(text, ['max_price'], '1.57')).toBe(text.replace('0.80', '1.57'))
  expect(setKey(text, ['resources', 'memory'], '48GB..')).toBe(text.replace('64GB', '48GB'))
})

test('a new key goes to the end of its mapping', () => {
  expect(setKey(text, ['resources', 'cpu'], '1..')).toBe(
    text.replace('64GB..\n', '64GB..\n  cpu: 1..\n'),
  )
  expect(setKey(text, ['spot_policy'], 'auto')).toBe(`${text}spot_policy: auto\n`)
  expect(setKey('type: task', ['resources', 'cpu'], '1..')).toBe(
    'type: task\nresources: {cpu: 1..}\n',
  )
})

test('a key is taken out with its items', () => {
  const [head, , , , ...tail] = text.split('\n').slice(1)
  expect(removeKey(text, ['regions'])).toBe(['# a service', head, ...tail].join('\n'))
  expect(removeKey(text, ['backends'])).toBeNull()
})

test('mappings in braces stay whole', () => {
  const flow = '{type: task, regions: [a, b], resources: {cpu: 2}}'
  expect(removeKey(flow, ['regions'])).toBe('{type: task, regions: null, resources: {cpu: 2}}')
  expect(setKey(flow, ['resources', 'memory'], '1GB..')).toBe(
    '{type: task, regions: [a, b], resources: {cpu: 2, memory: 1GB..}}',
  )
  expect(setKey('{}', ['max_price'], '1')).toBe('{max_price: 1}')
})

test('a mapping keeps its last key, as null', () => {
  const only = 'resources:\n  gpu:\n    name: A100\n'
  expect(removeKey(only, ['resources', 'gpu', 'name'])).toBe('resources:\n  gpu:\n    name: null\n')
})

test('an empty value is filled', () => {
  expect(setKey('type: task\nresources:\n', ['resources', 'cpu'], '1..')).toBe(
    'type: task\nresources: {cpu: 1..}\n',
  )
  expect(setKey('resources: ~\n', ['resources', 'cpu'], '1..')).toBe('resources: {cpu: 1..}\n')
  expect(setKey('max_price:\n', ['spot_policy'], 'auto')).toBe('max_price:\nspot_policy: auto\n')
})

test('a range over several lines is replaced whole', () => {
  const long = 'resources:\n  memory:\n    min: 8GB\n    max: 16GB # no more\n  cpu: 2\n'
  expect(setKey(long, ['resources', 'memory'], '8GB..32GB')).toBe(
    'resources:\n  memory:\n    8GB..32GB # no more\n  cpu: 2\n',
  )
})

test('line ends of Windows are kept', () => {
  expect(setKey('type: task\r\ncpu: 1\r\n', ['max_price'], '2')).toBe(
    'type: task\r\ncpu: 1\r\nmax_price: 2\r\n',
  )
  expect(removeKey('a: 1\r\nb: 2\r\n', ['a'])).toBe('b: 2\r\n')
})

test('what an alias or a merge brings in is not changed where it stands', () => {
  const aliased = 'defaults: &d\n  cpu: 2\nresources: *d\n'
  expect(setKey(aliased, ['resources', 'cpu'], '1')).toBeNull()
  const merged = 'defaults: &d\n  cpu: 2\nresources:\n  <<: *d\n  memory: 8GB\n'
  expect(setKey(merged, ['resources', 'cpu'], '1')).toBe(`${merged}  cpu: 1\n`)
})

test('a text that does not parse is left alone', () => {
  expect(setKey('a: [', ['a'], '1')).toBeNull()
  expect(removeKey('- a', ['a'])).toBeNull()
})
