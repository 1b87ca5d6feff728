/** The runs of this user on this machine, with all that it takes to look after them. */
import { join } from 'node:path'
import { newSshMachines } from '#machines/machines'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import { printInstant } from '#platform/http-time'
import type { Hands } from '#runs/hands'
import { newId } from '#runs/ids'
import { openStateFile } from '#runs/state-file'
import { newStore, type Store } from '#runs/store'
import { type Backends, openBackends } from './hands.ts'
import { matcherOf } from './matching.ts'
import { launchOffers } from './launch-offers.ts'
import { offersOf, type SearchAgain } from './offers-again.ts'
import { readRunRequest } from './run-request.ts'

export interface RunsOptions {
  readonly environment: Environment
  readonly clock: Hands['clock']
  /** From 0 to 1. */
  readonly random: () => number
  readonly signal: AbortSignal
  /** All offers of the catalog as it is by then, best first; null where none is at hand. */
  readonly search: SearchAgain | null
}

export interface RunsHere extends Pick<Backends, 'backend'> {
  readonly store: Store
  readonly hands: Hands
  close(): Promise<void>
}

/** Private to the user: it holds what the runs were started with, secrets too. */
const stateFileOf = (environment: Environment): string => join(dataHome(environment), 'runs.sqlite')

export const openRuns = (options: RunsOptions): RunsHere => {
  const { environment, clock, random, signal, search } = options
  const backends = openBackends(environment, clock)
  const store = newStore(openStateFile(stateFileOf(environment)), () => clock.nowMs())
  const searchAgain: SearchAgain | null =
    search && ((requirements) => launchOffers({ requirements, environment, hands, search }))
  const hands: Hands = {
    store,
    holder: newId(clock.nowMs(), random),
    clock,
    random,
    signal,
    backend: (name) => backends.backend(name),
    offers: (run) => offersOf(run, clock.nowMs(), searchAgain),
    matches: (run) => matcherOf(readRunRequest(run.spec.request).requirements),
    workload: (run) => run.spec.workload,
    machines: newSshMachines({
      home: dataHome(environment),
      sleep: (delayMs) => clock.sleep(delayMs, signal),
      instant: () => printInstant(clock.nowMs()),
      signal,
    }),
  }
  return {
    store,
    hands,
    backend: (name) => backends.backend(name),
    close: async () => {
      store.close()
      await backends.close()
    },
  }
}
