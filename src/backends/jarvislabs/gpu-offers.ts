/** A pool gives machines of one to so many accelerators; figures and price are of one. */
import type { InstanceType, Stock } from '#domain/offer'
import { architectureOf, gpuOf } from '#backends/kit/accelerators'
import type { Conversion } from '#backends/kit/currency'
import { mibOfGib, nanoOf, nanoTimes } from '#backends/kit/figures'
import type { Gathering } from '#backends/kit/gather'
import { countsIn } from './regions.ts'
import type { Pool } from './schema.ts'

/** What is free after reservations counts, and 0 of it is none. */
const freeOf = (pool: Pool): number | null =>
  pool.effective_num_free_devices ?? pool.num_free_devices

const stockOf = (pool: Pool, gpuCount: number): Stock => {
  const free = freeOf(pool)
  if (free === null) return 'unknown'
  return free >= gpuCount ? 'low' : 'none'
}

const problemOf = (pool: Pool): string | null => {
  // Rows without a kind are of virtual machines.
  if (pool.workload_type !== null && pool.workload_type !== 'vm') return 'no virtual machine'
  return countsIn(pool.region) === null ? 'region without known address' : null
}

const machineOf = (pool: Pool, gpuCount: number): InstanceType | string => {
  const gpu = gpuOf(pool.gpu_type, pool.vram === null ? undefined : pool.vram * 1024)
  if (gpu === null) return 'no known model of accelerator'
  const memoryMib = mibOfGib(pool.ram_per_gpu * gpuCount)
  if (memoryMib === null || !(pool.cpus_per_gpu > 0)) return 'no vCPU or no memory'
  return {
    name: `${pool.gpu_type}-${gpuCount}x`,
    cpus: pool.cpus_per_gpu * gpuCount,
    memoryMib,
    gpu,
    gpuCount,
    diskMib: null,
    architecture: architectureOf(gpu),
  }
}

const addMachine = (
  gathering: Gathering,
  pool: Pool,
  instanceType: InstanceType,
  { usd }: Conversion,
): void => {
  const { gpuCount } = instanceType
  const parts = { region: pool.region, instanceType, spot: false, stock: stockOf(pool, gpuCount) }
  const nanoOfOne = nanoOf(pool.price_per_hour, usd ?? '1')
  if (nanoOfOne !== null && usd === null) return gathering.unpriced(parts)
  gathering.offer({ ...parts, priceNanoUsd: nanoTimes(nanoOfOne, gpuCount) })
}

const addPool = (gathering: Gathering, pool: Pool, conversion: Conversion): void => {
  const problem = problemOf(pool)
  if (problem !== null) return gathering.reject(problem, `${pool.gpu_type} in ${pool.region}`)
  const most = pool.num_gpus ?? 1
  for (const gpuCount of countsIn(pool.region) ?? []) {
    if (gpuCount > most) continue
    const instanceType = machineOf(pool, gpuCount)
    if (typeof instanceType === 'string') return gathering.reject(instanceType, pool.gpu_type)
    addMachine(gathering, pool, instanceType, conversion)
  }
}

/** Of two pools alike the one with more free counts, whatever their order. */
export const addPools = (
  gathering: Gathering,
  pools: readonly Pool[],
  conversion: Conversion,
): void => {
  const byFree = pools.toSorted((one, other) => (freeOf(other) ?? -1) - (freeOf(one) ?? -1))
  for (const pool of byFree) addPool(gathering, pool, conversion)
}
