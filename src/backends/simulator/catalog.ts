/** What the simulated cloud sells. Types are plausible; every price is made up. */
import type { Gpu } from '#domain/gpu'
import { mibPerGb } from '#domain/memory'
import { type InstanceType, type Offer, offerId, type Stock } from '#domain/offer'
import { chanceOf } from './chance.ts'

const gpu = (name: string, memoryGb: number): Gpu => ({
  name,
  vendor: 'nvidia',
  memoryMib: memoryGb * mibPerGb,
  computeCapability: null,
})

const type = (
  name: string,
  [cpus, memoryGb]: readonly [number, number],
  accelerators: { readonly gpu: Gpu; readonly count: number } | null = null,
): InstanceType => ({
  name,
  cpus,
  memoryMib: memoryGb * mibPerGb,
  gpu: accelerators?.gpu ?? null,
  gpuCount: accelerators?.count ?? 0,
  diskMib: null,
  architecture: 'x86_64',
})

/** With an invented on-demand price, in millionths of a dollar an hour. */
const types: readonly (readonly [InstanceType, number])[] = [
  [type('sim.cpu2', [2, 4]), 40_000],
  [type('sim.cpu4', [4, 16]), 150_000],
  [type('sim.cpu16', [16, 64]), 620_000],
  [type('sim.t4', [4, 16], { gpu: gpu('T4', 16), count: 1 }), 410_000],
  [type('sim.l4', [8, 32], { gpu: gpu('L4', 24), count: 1 }), 720_000],
  [type('sim.a10g', [8, 32], { gpu: gpu('A10G', 24), count: 1 }), 980_000],
  [type('sim.l40s', [16, 64], { gpu: gpu('L40S', 48), count: 1 }), 1_640_000],
  [type('sim.a100', [12, 120], { gpu: gpu('A100', 80), count: 1 }), 2_150_000],
  [type('sim.a100x4', [48, 480], { gpu: gpu('A100', 80), count: 4 }), 8_400_000],
  [type('sim.h100', [24, 240], { gpu: gpu('H100', 80), count: 1 }), 3_300_000],
  [type('sim.h100x8', [192, 1920], { gpu: gpu('H100', 80), count: 8 }), 25_600_000],
  [type('sim.h200x8', [192, 2048], { gpu: gpu('H200', 141), count: 8 }), 31_200_000],
]

const regions: readonly (readonly [string, number])[] = [
  ['sim-east', 1],
  ['sim-west', 1.08],
  ['sim-north', 0.94],
]

/** Spot prices move once an hour. */
const driftEveryMs = 60 * 60 * 1000

/** Nano-USD an hour, whole thousands of them. */
const priceOf = (
  seed: number,
  { id, spot, microUsd }: { id: string; spot: boolean; microUsd: number },
  nowMs: number,
): number => {
  if (!spot) return Math.round(microUsd) * 1000
  const part = 0.35 + 0.15 * chanceOf(seed, 'price', id, Math.floor(nowMs / driftEveryMs))
  return Math.round(microUsd * part) * 1000
}

const source = 'the simulator: an invented price, which nobody charges'

/** Everything that is for sale at a moment, by id. */
export const offersAt = (
  seed: number,
  { nowMs, instant }: { readonly nowMs: number; readonly instant: string },
  stockOf: (offer: Pick<Offer, 'id'>) => Stock,
): readonly Offer[] =>
  types.flatMap(([instanceType, base]) =>
    regions.flatMap(([region, factor]) =>
      [false, true].map((spot) => {
        const id = offerId('simulator', region, instanceType.name, spot)
        return {
          id,
          backend: 'simulator',
          region,
          instanceType,
          spot,
          priceNanoUsd: priceOf(seed, { id, spot, microUsd: base * factor }, nowMs),
          stock: stockOf({ id }),
          observation: { source, observedAt: instant },
        }
      }),
    ),
  )
