/** Quotas of a namespace, as pods are held to them. */
import { parseQuantity } from '#backends/kubernetes/quantity'
import { type Fields, fieldsOf, type Kept, listOf, textsOf } from './objects.ts'

/** What a pod takes of each quota: itself, and what its containers ask for. */
const takenBy = (pod: Fields): ReadonlyMap<string, number> => {
  const taken = new Map<string, number>([['pods', 1]])
  for (const container of listOf(fieldsOf(pod['spec'])['containers'])) {
    for (const of of ['requests', 'limits'] as const) {
      const amounts = textsOf(fieldsOf(container['resources'])[of])
      for (const [key, amount] of Object.entries(amounts)) {
        const name = `${of}.${key}`
        taken.set(name, (taken.get(name) ?? 0) + (parseQuantity(amount) ?? 0))
      }
    }
  }
  return taken
}

const isOver = (quota: Kept, name: string, amount: number): boolean => {
  const { hard, used } = fieldsOf(quota.status)
  const limit = textsOf(hard)[name]
  const before = parseQuantity(textsOf(used)[name] ?? '0') ?? 0
  return limit !== undefined && before + amount > (parseQuantity(limit) ?? 0)
}

/** Why a pod is one too many; null where it is not. */
export const quotaFault = (quotas: readonly Kept[], pod: Fields): string | null => {
  for (const quota of quotas) {
    const over = [...takenBy(pod)]
      .filter(([name, amount]) => isOver(quota, name, amount))
      .sort(([one], [other]) => (one < other ? -1 : 1))
    if (over.length === 0) continue
    const { hard, used } = fieldsOf(quota.status)
    const told = (of: (name: string, amount: number) => string | number | undefined) =>
      over.map(([name, amount]) => `${name}=${of(name, amount) ?? 0}`).join(',')
    return `exceeded quota: ${quota.metadata.name}, requested: ${told((_, amount) => amount)}, used: ${told((name) => textsOf(used)[name])}, limited: ${told((name) => textsOf(hard)[name])}`
  }
  return null
}

/** What is used after a pod has come. */
export const usedAfter = (quota: Kept, pod: Fields): Fields => {
  const { hard, used } = fieldsOf(quota.status)
  const taken = takenBy(pod)
  return Object.fromEntries(
    Object.keys(textsOf(hard)).map((name) => {
      const before = parseQuantity(textsOf(used)[name] ?? '0') ?? 0
      return [name, String(before + (taken.get(name) ?? 0))]
    }),
  )
}
