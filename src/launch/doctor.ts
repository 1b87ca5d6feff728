/** Which backends are usable here, and why not. */
import type { Environment } from '#platform/environment'
import type { Hands } from '#runs/hands'
import { openBackends } from './hands.ts'
import { launchersHere } from './usable.ts'

export interface Diagnosis {
  readonly backend: string
  readonly title: string
  readonly state: 'usable' | 'missing' | 'misconfigured' | 'rejected' | 'unreachable'
  /** What is missing, or what the backend says. */
  readonly detail: string | null
}

/** Asks each backend that has credentials for something small. */
export const diagnose = async (
  environment: Environment,
  clock: Hands['clock'],
  signal: AbortSignal,
): Promise<readonly Diagnosis[]> => {
  const backends = openBackends(environment, clock)
  try {
    const all = await launchersHere(environment)
    return await Promise.all(
      all.map(async ({ launcher: { name, title }, readiness }): Promise<Diagnosis> => {
        const told = { backend: name, title }
        if (readiness.status !== 'ready') {
          return { ...told, state: readiness.status, detail: readiness.names.join(', ') }
        }
        const hands = await backends.backend(name)
        if (hands === null) return { ...told, state: 'unreachable', detail: null }
        try {
          await hands.provisioner.verify(hands.io(() => undefined, signal))
          return { ...told, state: 'usable', detail: null }
        } catch (error) {
          const verdict = hands.provisioner.classify(error, { during: 'verify', spot: false })
          const state = verdict.class === 'auth' ? 'rejected' : 'unreachable'
          return { ...told, state, detail: verdict.message }
        }
      }),
    )
  } finally {
    await backends.close()
  }
}
