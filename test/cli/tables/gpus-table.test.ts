import { expect, test } from 'vitest'
import type { ListedGpu } from '#api/groups'
import { toGpusDocument } from '#cli/output/gpus-document'
import { plainStyle } from '#cli/style'
import { printGpusTable } from '#cli/tables/gpus-table'
import { textWidth } from '#cli/text-width'
import { anA100 } from '../builders.ts'

const gpus: readonly ListedGpu[] = [
  {
    gpu: anA100,
    kind: 'gpu',
    offers: 1234,
    backends: ['runpod', 'gcp', 'aws', 'azure'],
    onDemand: { offers: 1200, fromNanoUsd: 1_190_000_000 },
    spot: { offers: 34, fromNanoUsd: 567_000_000 },
  },
  {
    gpu: { ...anA100, name: 'A10-1/6', memoryMib: 4096, computeCapability: [8, 6] },
    kind: null,
    offers: 1,
    backends: ['azure'],
    onDemand: { offers: 1, fromNanoUsd: null },
    spot: null,
  },
  {
    gpu: { name: 'MI25', vendor: 'amd', memoryMib: 16 * 1024, computeCapability: null },
    kind: 'gpu',
    offers: 0,
    backends: [],
    onDemand: null,
    spot: null,
  },
]

const table = (width: number | null) => printGpusTable(gpus, { style: plainStyle, width })

test('every model, - where nobody sells it, ? where the price is unknown', () => {
  expect(table(null)).toMatchInlineSnapshot(`
    "GPU      MEMORY  VENDOR  CAPABILITY  $/GPU-H  SPOT $/GPU-H  OFFERS  BACKENDS
    A100       80GB  nvidia         8.0     1.19         0.567   1,234  runpod, gcp, aws +1
    A10-1/6     4GB  nvidia         8.6        ?             -       1  azure
    MI25       16GB  amd              -        -             -       -  -
    3 GPU models, 2 sold."
  `)
})

test('40 columns', () => {
  expect(table(40)).toMatchInlineSnapshot(`
    "GPU      MEMORY  $/GPU-H  SPOT $/GPU-H
    A100       80GB     1.19         0.567
    A10-1/6     4GB        ?             -
    MI25       16GB        -             -
    3 GPU models, 2 sold."
  `)
})

test.each([40, 60, 80, 100])('nothing passes %i columns', (width) => {
  for (const line of table(width).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width)
})

test('the document', () => {
  expect(toGpusDocument(gpus, 'd')).toMatchInlineSnapshot(`
    {
      "catalog": {
        "digest": "d",
      },
      "format_version": "1.0",
      "gpus": [
        {
          "backends": [
            "runpod",
            "gcp",
            "aws",
            "azure",
          ],
          "compute_capability": "8.0",
          "kind": "gpu",
          "memory_mib": 81920,
          "name": "A100",
          "offers": 1234,
          "on_demand": {
            "from": {
              "amount": "1.19",
              "currency": "USD",
              "per": "gpu_hour",
            },
            "offers": 1200,
          },
          "spot": {
            "from": {
              "amount": "0.567",
              "currency": "USD",
              "per": "gpu_hour",
            },
            "offers": 34,
          },
          "vendor": "nvidia",
        },
        {
          "backends": [
            "azure",
          ],
          "compute_capability": "8.6",
          "kind": null,
          "memory_mib": 4096,
          "name": "A10-1/6",
          "offers": 1,
          "on_demand": {
            "from": {
              "amount": null,
              "currency": "USD",
              "per": "gpu_hour",
            },
            "offers": 1,
          },
          "spot": null,
          "vendor": "nvidia",
        },
        {
          "backends": [],
          "compute_capability": null,
          "kind": "gpu",
          "memory_mib": 16384,
          "name": "MI25",
          "offers": 0,
          "on_demand": null,
          "spot": null,
          "vendor": "amd",
        },
      ],
      "kind": "gpus",
    }
  `)
})
