/** Backends whose machines can stay when nothing runs on them. */
import type { Hands } from '#runs/hands'

const why = {
  host: 'is there already, and is nothing to add',
  container: 'starts a container for each service, and has no machine to keep',
  pod: 'starts a pod for each service, and has no machine to keep',
} as const

/** Of these, those that can, or cannot be asked; and of each of the others why it cannot. */
export const backendsThatIdle = async (
  hands: Pick<Hands, 'backend'>,
  among: Iterable<string>,
): Promise<{ readonly names: ReadonlySet<string>; readonly leftOut: readonly string[] }> => {
  const names = new Set<string>()
  const leftOut: string[] = []
  for (const name of new Set(among)) {
    const runtime = (await hands.backend(name))?.provisioner.traits.runtime ?? 'vm'
    if (runtime === 'vm') names.add(name)
    else leftOut.push(`${name} ${why[runtime]}`)
  }
  return { names, leftOut }
}
