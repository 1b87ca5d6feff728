/** Plans of CPU machines, and in which regions each is free. */
import { type Conversion, offerAt } from '#backends/kit/currency'
import { mibOfGib } from '#backends/kit/figures'
import type { Gathering } from '#backends/kit/gather'
import { countsIn } from './regions.ts'
import type { CpuPlan } from './schema.ts'

const addPlan = (gathering: Gathering, plan: CpuPlan, conversion: Conversion): void => {
  const name = `cpu-${plan.vcpus}x${plan.ram_gb}`
  const memoryMib = mibOfGib(plan.ram_gb)
  if (memoryMib === null || !(plan.vcpus > 0)) {
    return gathering.reject('no vCPU or no memory', name)
  }
  const instanceType = {
    name,
    cpus: plan.vcpus,
    memoryMib,
    gpu: null,
    gpuCount: 0,
    diskMib: null,
    architecture: null,
  }
  for (const [region, isFree] of Object.entries(plan.regions ?? {})) {
    if (countsIn(region) === null) {
      gathering.reject('region without known address', `${name} in ${region}`)
      continue
    }
    const stock = isFree === true && plan.available !== false ? 'low' : 'none'
    offerAt(gathering, plan.price, conversion, { region, instanceType, spot: false, stock })
  }
}

export const addPlans = (
  gathering: Gathering,
  plans: readonly CpuPlan[],
  conversion: Conversion,
): void => {
  for (const plan of plans) addPlan(gathering, plan, conversion)
}
