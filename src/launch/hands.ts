/** Backends as the runs take hold of them: with credentials, at their addresses, one door to HTTP. */
import { join } from 'node:path'
import { newCloudIo } from '#backends/kit/cloud-io'
import { endpointOf, hostsOf } from '#backends/kit/endpoint'
import type { Launcher, Provisioner } from '#backends/kit/provisioner'
import { secretsAmong } from '#backends/kit/readiness'
import type { Environment } from '#platform/environment'
import { defaultHttpLimits } from '#platform/http'
import { cacheHome } from '#platform/home'
import { type HttpOnce, newHttpOnce } from '#platform/http-once'
import { printInstant } from '#platform/http-time'
import { redact } from '#platform/redact'
import { sharedStarts } from '#platform/shared-starts'
import { readTextFile } from '#platform/text-files'
import type { BackendHands, Hands } from '#runs/hands'
import { launchersHere, type LauncherHere } from './usable.ts'

/** Few at once: what launches is spoken to seldom, and throttled soon. */
const limit = { atOnce: 4, intervalMs: 100 }

interface Means {
  readonly environment: Environment
  readonly clock: Hands['clock']
  readonly http: HttpOnce
}

/** Its verdicts carry no secret, whatever the backend echoed. */
const discreet = (provisioner: Provisioner, secrets: ReadonlySet<string>): Provisioner => ({
  ...provisioner,
  classify: (error, context) => {
    const verdict = provisioner.classify(error, context)
    return { ...verdict, message: redact(verdict.message, secrets) }
  },
})

/** The rest is no address that a variable could move. */
const isHttp = ({ endpoint }: Launcher): boolean => /^https?:/.test(endpoint)

const handsOf = (
  { launcher, provisioner, readiness }: LauncherHere,
  means: Means,
): BackendHands | null => {
  if (readiness.status !== 'ready') return null
  const { environment, clock, http } = means
  const secrets = secretsAmong(readiness.values)
  return {
    provisioner: discreet(provisioner, secrets),
    io: (note, signal) =>
      newCloudIo({
        http,
        endpoint: isHttp(launcher) ? endpointOf(launcher, environment) : launcher.endpoint,
        hosts: hostsOf(launcher, environment),
        limit,
        signal,
        note,
        credentials: readiness.values,
        instant: () => printInstant(clock.nowMs()),
        sleep: (delayMs) => clock.sleep(delayMs, signal),
        readFile: readTextFile,
        keepSecret: (value) => secrets.add(value),
      }),
  }
}

export interface Backends {
  /** Null for a backend that cannot be used here. */
  backend(name: string): Promise<BackendHands | null>
  close(): Promise<void>
}

/** Each is looked up once, when it is first needed. */
export const openBackends = (environment: Environment, clock: Hands['clock']): Backends => {
  const starts = sharedStarts(join(cacheHome(environment), 'starts.sqlite'))
  const http = newHttpOnce({ limits: defaultHttpLimits, clock, starts })
  const known = new Map<string, Promise<BackendHands | null>>()
  const open = async (name: string): Promise<BackendHands | null> => {
    const [found] = await launchersHere(environment, [name])
    return found ? handsOf(found, { environment, clock, http }) : null
  }
  return {
    backend: (name) => {
      const opened = known.get(name) ?? open(name)
      known.set(name, opened)
      return opened
    },
    close: async () => {
      starts.close()
      await http.close()
    },
  }
}
