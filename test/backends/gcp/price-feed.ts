/**
 * SKUs made by hand in the shape of the recorded ones. Their figures are parts that add up to prices
 * published for us-central1 on 2026-07-30: they prove that parts are found and added up, not that a
 * family has these parts.
 */
import type { Row } from '../../contract/importer-case.ts'

interface Bought {
  readonly group?: string
  readonly usage?: string
  readonly unit?: string
  readonly regions?: readonly string[]
}

const moneyOf = (usd: string) => {
  const [units = '0', fraction = ''] = usd.split('.')
  return { currencyCode: 'USD', units, nanos: Number(fraction.padEnd(9, '0')) }
}

const sku = (description: string, usd: string, bought: Bought = {}): Row => ({
  skuId: description,
  description,
  category: {
    serviceDisplayName: 'Compute Engine',
    resourceFamily: bought.group === 'LocalSSD' ? 'Storage' : 'Compute',
    resourceGroup: bought.group ?? 'CPU',
    usageType: bought.usage ?? 'OnDemand',
  },
  serviceRegions: bought.regions ?? ['us-central1'],
  pricingInfo: [
    {
      pricingExpression: {
        usageUnit: bought.unit ?? 'h',
        tieredRates: [{ startUsageAmount: 0, unitPrice: moneyOf(usd) }],
      },
    },
  ],
})

type Pair = readonly [onDemand: string, spot: string | null]

const bothWays = (
  label: string,
  spotLabel: string,
  [onDemand, spot]: Pair,
  bought: Bought = {},
): readonly Row[] => [
  sku(label, onDemand, bought),
  ...(spot === null ? [] : [sku(spotLabel, spot, { ...bought, usage: 'Preemptible' })]),
]

const part = (label: string, pair: Pair, bought: Bought): readonly Row[] =>
  bothWays(
    `${label} running in Americas`,
    `Spot Preemptible ${label} running in Americas`,
    pair,
    bought,
  )

const family = (
  base: string,
  core: Pair,
  ram: Pair,
  regions: readonly string[] = ['us-central1'],
): readonly Row[] => [
  ...part(`${base} Core`, core, { regions }),
  ...part(`${base} Ram`, ram, { regions, group: 'RAM', unit: 'GiBy.h' }),
]

const card = (
  label: string,
  pair: Pair,
  regions: readonly string[] = ['us-central1'],
): readonly Row[] =>
  bothWays(
    `${label} running in Americas`,
    `${label} attached to Spot Preemptible VMs running in Americas`,
    pair,
    { regions, group: 'GPU' },
  )

const tpu = (label: string, onDemand: string, spot: string): readonly Row[] => [
  sku(`${label} running in Iowa`, onDemand, { group: 'TPU' }),
  sku(`${label} attached to Spot Preemptible VMs running in Iowa`, spot, {
    group: 'TPU',
    usage: 'Preemptible',
  }),
]

const europe = ['us-central1', 'europe-west1']

/** What shares its spelling with parts, or almost, and is none. */
const decoys: readonly Row[] = [
  sku('N2 Sole Tenancy Instance Core running in Americas', '9'),
  sku('Reserved A2 Instance Core in Americas in Calendar Mode', '9'),
  sku('Commitment v1: A2 Instance Core in Americas for 1 Year', '9', { usage: 'Commit1Yr' }),
  sku('N2 Custom Instance Core running in Americas', '9'),
  sku('DWS Calendar Mode A4 Nvidia B200 (1 gpu slice) running in Americas', '9'),
  sku('Nvidia Tesla T4 GPU attached to DWS Defined Duration VMs running in Americas', '9'),
  sku('Capacity Optimized TpuV6e running in Iowa', '9', { group: 'TPU' }),
  sku('A2 Instance Core running in Columbus', '9', { regions: ['us-east10'] }),
  {
    ...sku('E2 Instance Core running in Americas', '9'),
    category: {
      resourceFamily: 'ApplicationServices',
      resourceGroup: 'SQL',
      usageType: 'OnDemand',
    },
  },
]

export const madeSkus: readonly Row[] = [
  ...family('N1 Predefined Instance', ['0.031611', '0.0131'], ['0.004237', '0.000974'], europe),
  ...family('N2 Instance', ['0.031611', null], ['0.004237', null], europe),
  ...family('E2 Instance', ['0.02181159', null], ['0.00292353', null], europe),
  ...family('C3 Instance', ['0.03398', '0.0083'], ['0.0041055', '0.0010125']),
  ...family('Compute optimized', ['0.034', null], ['0.0045505', null]),
  ...family('Compute optimized Instance', ['0.04', null], ['0.005', null], ['europe-west1']),
  ...family('Memory-optimized Instance', ['0.0348', '0.007'], ['0.0051', '0.0011']),
  ...family(
    'Memory Optimized Upgrade Premium for Memory-optimized Instance',
    ['0.004524', null],
    ['0.000663', null],
  ),
  ...family('T2A Arm Instance', ['0.02', null], ['0.004625', null]),
  ...family('G2 Instance', ['0.024988', '0.009'], ['0.002927501', '0.00105']),
  ...family('G4 Instance', ['0.0233', '0.0093'], ['0.00587', '0.002348']),
  ...family('A3 Instance', ['0.0293', '0.0061'], ['0.0025', '0.0005']),
  sku('Spot Preemptible A2 Instance Core running in Americas', '0.0129', { usage: 'Preemptible' }),
  sku('Spot Preemptible A2 Instance Ram running in Americas', '0.00173', {
    usage: 'Preemptible',
    unit: 'GiBy.h',
  }),
  sku('Nvidia Tesla A100 GPU attached to Spot Preemptible VMs running in Americas', '1.62617', {
    usage: 'Preemptible',
  }),
  ...card('Nvidia Tesla A100 80GB GPU', ['3.92808', '2.2']),
  ...card('Nvidia H100 80GB GPU', ['9.796550569', '5.9']),
  ...card('Nvidia L4 GPU', ['0.560040239', '0.34']),
  ...card('RTX 6000 96GB', ['2.32493', '0.93078']),
  ...card('Nvidia Tesla T4 GPU', ['0.35', '0.119'], europe),
  ...card('Nvidia Tesla V100 GPU', ['2.48', '0.8']),
  ...card('A4 Nvidia B200 (1 gpu slice)', ['16.11', null]),
  // Spot by its description alone.
  sku('Spot Preemptible A4 Nvidia B200 (1 gpu slice) running in Americas', '4.9542'),
  sku('Micro Instance with burstable CPU running in Americas', '0.0076', { group: 'F1Micro' }),
  ...bothWays(
    'SSD backed Local Storage',
    'SSD backed Local Storage attached to Spot Preemptible VMs',
    ['0.08', '0.044'],
    { group: 'LocalSSD', unit: 'GiBy.mo' },
  ),
  ...tpu('TpuV5e', '1.2', '0.6'),
  ...tpu('TpuV6e', '2.7', '1.4033'),
  ...decoys,
]

export const madeTpuSkus: readonly Row[] = [
  sku('TPU-v2 Accelerator USA', '4.5', { group: 'TPU' }),
  sku('Preemptible TPU-v2 Accelerator USA', '1.35', { group: 'TPU' }),
  sku('TPU-v2 Pod USA', '24', { group: 'TPU' }),
]
