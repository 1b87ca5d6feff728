import { describe, expect, test } from 'vitest'
import { ConfigurationError } from '#domain/errors'
import { overlayDigest } from '#api/overlay'
import { readOverlay } from '#overlay/read'
import { file, overlayOf } from './builders.ts'

const problemsOf = (text: string): readonly string[] => {
  try {
    readOverlay(text, { file })
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.problems.map(
      ({ path, message, hint, position }) =>
        `${position?.line}:${position?.column} ${path.join('.')}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
    )
  }
  return []
}

const oneRule = (fields: string): string => `rules: [{name: a, ${fields}}]`
const oneOffer = (fields: string): string =>
  `offers: [{backend: ssh, instance_type: rack, cpu: 8, memory: 16GB, price: 1, ${fields}}]`

const whole = `
rules:
  - name: edp
    selector: {backends: [AWS, lambda], spot: no}
    discount: 12.5%
  - name: reserved
    selector:
      backends: [gcp]
      regions: [us-central1]
      instance_types: [a3-highgpu-*]
      gpus: [h100, "nvidia-tesla-a100"]
    price: 41.50
    expires: 2027-03-01
    weight: 10
  - name: none
    selector: {backends: [vastai]}
    exclude: true
offers:
  - backend: ssh
    region: office
    instance_type: dgx-1
    cpu: 128
    memory: 2TB
    gpu: A100:80GB:8
    disk: 10TB
    price: 9.5
    as_of: 2026-07-01
  - backend: ssh
    instance_type: odd
    cpu: 0.5
    memory: 512MB
    gpu: {name: FPGA9, vendor: intel, memory: 24GB, count: 2}
    spot: true
    price: 0.1
    expires: 2026-12-31
`

test('a file becomes rules and offers', () => {
  const { rules, offers } = readOverlay(whole, { file })
  expect(rules).toMatchObject([
    {
      name: 'edp',
      file,
      index: 0,
      selector: { backends: ['aws', 'lambdalabs'], regions: null, spot: false },
      action: { kind: 'discount', microPercent: 12_500_000 },
      expires: null,
      weight: 0,
    },
    {
      index: 1,
      selector: { instanceTypes: ['a3-highgpu-*'], gpus: ['H100', 'A100'], spot: null },
      action: { kind: 'price', priceNanoUsd: 41_500_000_000 },
      expires: '2027-03-01',
      weight: 10,
    },
    { name: 'none', action: { kind: 'exclude' } },
  ])
  expect(offers).toMatchObject([
    {
      backend: 'ssh',
      region: 'office',
      instanceType: {
        name: 'dgx-1',
        cpus: 128,
        memoryMib: 2 * 1024 * 1024,
        gpu: { name: 'A100', vendor: 'nvidia', memoryMib: 80 * 1024, computeCapability: [8, 0] },
        gpuCount: 8,
        diskMib: 10 * 1024 * 1024,
      },
      spot: false,
      priceNanoUsd: 9_500_000_000,
      asOf: '2026-07-01',
    },
    {
      region: null,
      instanceType: {
        cpus: 0.5,
        memoryMib: 512,
        gpu: { name: 'FPGA9', vendor: 'intel', memoryMib: 24 * 1024, computeCapability: null },
        gpuCount: 2,
        diskMib: null,
      },
      spot: true,
      expires: '2026-12-31',
    },
  ])
})

test.each(['', '# nothing yet\n', '{}', 'rules: []', 'offers: []\nrules: []'])(
  'a file may say nothing: %j',
  (text) => {
    expect(readOverlay(text, { file })).toEqual({ rules: [], offers: [] })
  },
)

test('every problem is told at once, each at its place', () => {
  const text = [
    'rules:',
    '  - name: a',
    '    selector: {backends: [asw], regoins: [x]}',
    '    discount: 120%',
    '  - name: a',
    '    price: free',
    'offers:',
    '  - backend: ssh',
    '    instance_type: rack',
    '    memory: 16 gigs',
    '    price: 1',
  ].join('\n')
  expect(problemsOf(text)).toEqual([
    '3:27 rules.0.selector.backends.0: "asw" is no backend (did you mean "aws"?)',
    '3:33 rules.0.selector.regoins: key "regoins" is unknown (did you mean "regions"?)',
    '4:15 rules.0.discount: discount "120%" leaves nothing of the price (use price for what it costs, or exclude: true)',
    '5:11 rules.1.name: name "a" is taken (name each rule once)',
    '6:12 rules.1.price: "free" is no price (prices are dollars per hour, such as 1.5)',
    '8:5 offers.0.cpu: "cpu" is required',
    '10:13 offers.0.memory: "16 gigs" is no size (sizes are numbers with MB, GB or TB, such as "16GB")',
  ])
})

describe('rules', () => {
  test.each([
    [oneRule('weight: 1'), 'the rule does nothing'],
    [oneRule('exclude: false'), 'the rule does nothing'],
    [oneRule('discount: 5, price: 1'), 'the rule has a discount and price'],
    [oneRule('exclude: true'), 'the rule has exclude for every offer there is'],
    [oneRule('price: 1, selector: {}'), 'the rule has price for every offer there is'],
    [oneRule('discount: 0'), 'a discount of 0 changes nothing'],
    [oneRule('discount: ten'), '"ten" is no discount'],
    [oneRule('discount: -5%'), '"-5%" is no discount'],
    [oneRule('discount: 1.2345678'), 'has more than six decimals'],
    [oneRule('discount: 5, expires: 2027-02-30'), '"2027-02-30" is no day'],
    [oneRule('discount: 5, weight: 1.5'), '"1.5" is no whole number'],
    [oneRule('selector: {regions: []}, discount: 5'), 'the list is empty'],
    [oneRule('selector: {regions: us-east-1}, discount: 5'), '"us-east-1" is no list'],
    [oneRule('selector: {instance_types: ["a*b"]}, discount: 5'), '"a*b" has a "*" before its end'],
    [oneRule('selector: {spot: maybe}, discount: 5'), '"maybe" is neither true nor false'],
    [oneRule('selector: {backends: [aws]}, price: 2000000'), 'is more than an instance can cost'],
    ['rules: [{discount: 5}]', '"name" is required'],
    ['rules: 5', '"5" is no list'],
    ['[1]', 'a list is no mapping'],
    ['rule: []', 'key "rule" is unknown (did you mean "rules"?)'],
    ['rules: [', ''],
  ])('%s', (text, message) => {
    const problems = problemsOf(text)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems[0]).toContain(message)
  })

  test('a discount may be a number, a text or a text with a sign', () => {
    for (const spelled of ['7.5', '"7.5"', '7.50%', '"7.5 %"'])
      expect(readOverlay(oneRule(`discount: ${spelled}`), { file }).rules[0]?.action).toEqual({
        kind: 'discount',
        microPercent: 7_500_000,
      })
  })
})

describe('own offers', () => {
  test.each([
    [oneOffer('gpu: A100'), 'GPU "A100" has 40GB or 80GB (write "A100:40GB"'],
    [oneOffer('gpu: H1000:80GB'), '"H1000" is no known GPU (did you mean "H100"?)'],
    [oneOffer('gpu: "T4:2:3"'), 'gives the count of the GPUs twice'],
    [oneOffer('gpu: "T4,A10"'), 'does not name one GPU'],
    [oneOffer('gpu: "T4:0"'), 'a machine with 0 GPUs has no gpu'],
    [oneOffer('cpu: 0').replace('cpu: 8, ', ''), '"0" CPUs are none'],
    [oneOffer('cpu: 4..8').replace('cpu: 8, ', ''), '"4..8" is no number of CPUs'],
    [oneOffer('disk: 0GB'), 'size "0GB" is nothing'],
    [oneOffer('as_of: yesterday'), '"yesterday" is no day'],
    [oneOffer('region: ""'), '"" is no name'],
    ['offers: [{backend: ssh}]', '"instance_type" is required'],
  ])('%s', (text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message)
  })

  const two = (second: string): string =>
    `offers:\n  - {backend: ssh, instance_type: r, cpu: 8, memory: 1GB, price: 1}\n  - {backend: ssh, instance_type: r, memory: 1GB, price: 1, ${second}}`

  test('an offer is there once, and a name stands for one machine', () => {
    expect(problemsOf(two('cpu: 8'))).toEqual([
      '3:5 offers.1: offer "ssh/?/r/on-demand" is there twice (remove one)',
    ])
    expect(problemsOf(two('cpu: 4, region: home'))).toEqual([
      '3:35 offers.1.instance_type: "r" names two different machines (give each machine a name of its own)',
    ])
    expect(problemsOf(two('cpu: 8, region: home'))).toEqual([])
  })
})

describe('the digest of an overlay', () => {
  const digest = (text: string, name?: string): string => overlayDigest(overlayOf(text, name))

  test('layout, comments and case of names do not count', () => {
    const rewritten = whole
      .replace('[us-central1]', '[US-Central1, us-central1] # ours')
      .replace('41.50', '41.5')
      .replace('spot: no', 'spot: false')
    expect(digest(rewritten)).toBe(digest(whole))
  })

  test.each([
    ['12.5%', '12.6%'],
    ['weight: 10', 'weight: 11'],
    ['expires: 2027-03-01', 'expires: 2027-03-02'],
    ['a3-highgpu-*', 'a3-highgpu-'],
    ['spot: no', 'spot: yes'],
    ['name: none', 'name: some'],
    ['cpu: 128', 'cpu: 64'],
    ['as_of: 2026-07-01', 'as_of: 2026-07-02'],
    ['price: 9.5', 'price: 9.4'],
    ['region: office', 'region: home'],
    ['[vastai]', '[runpod]'],
  ])('what is said counts: %s', (from, to) => {
    expect(whole).toContain(from)
    expect(digest(whole.replace(from, to))).not.toBe(digest(whole))
  })

  test('the file counts, for it is the source of its offers', () => {
    expect(digest(whole, 'other.yml')).not.toBe(digest(whole))
  })
})
