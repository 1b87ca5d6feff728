/**
 * Feeds a plan to any provisioner that is a command: a wrapper of Terraform, of a cloud's own CLI, of
 * a scheduler. It is called once per attempt, in the plan's order, with the attempt as JSON on its
 * standard input: exit 0 says that it runs, 75 that there is no capacity, anything else ends it all.
 *
 *     dstack-offers plan serve.dstack.yml --out plan.json
 *     npx tsx examples/feed-a-provisioner.ts plan.json ./provision.sh
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Attempt {
  readonly id: string
  readonly backend: string
  readonly region: string | null
  readonly instance_type: string
  readonly spot: boolean
  /** An exact decimal, in USD per instance-hour; null where it is not known. */
  readonly price: { readonly amount: string | null }
}

export type Outcome = 'runs' | 'no-capacity' | 'failed'

/** What another provisioner has to offer. */
export type Provision = (attempt: Attempt) => Outcome

const outcomes = new Map<number | null, Outcome>([
  [0, 'runs'],
  [75, 'no-capacity'],
])

/** The attempt that runs, or null. A failure may have left a machine behind: nothing follows it. */
export const launchFirst = (attempts: readonly Attempt[], provision: Provision): Attempt | null => {
  for (const attempt of attempts) {
    // What an unknown price may cost is for a person to decide.
    if (attempt.price.amount === null) continue
    const outcome = provision(attempt)
    console.error(`${attempt.id}  $${attempt.price.amount}/h  ${outcome}`)
    if (outcome !== 'no-capacity') return outcome === 'runs' ? attempt : null
  }
  return null
}

const [, script, planFile, command, ...words] = process.argv
if (script === fileURLToPath(import.meta.url)) {
  if (planFile === undefined || command === undefined) throw new Error('give PLAN and COMMAND')
  const plan = JSON.parse(readFileSync(planFile, 'utf8')) as Record<string, unknown>
  if (plan['format_version'] !== '1.0') throw new Error(`"${planFile}" is no plan of format 1.0`)
  const running = launchFirst(plan['attempts'] as readonly Attempt[], (attempt) => {
    const stdio = ['pipe', 'inherit', 'inherit'] as const
    const { status } = spawnSync(command, words, {
      input: JSON.stringify(attempt),
      stdio: [...stdio],
    })
    return outcomes.get(status) ?? 'failed'
  })
  process.exitCode = running === null ? 1 : 0
}
