/** What every cloud that rents containers asks before it plans a launch. */
import type { Json } from '#domain/json'
import type { Offer } from '#domain/offer'
import type { Workload } from '#domain/workload'
import type { LaunchRequest, PlannedCall, Planned } from './provisioner.ts'
import { refusedPlan } from './vm-plan.ts'

/** A request that can be planned: there is something to run, and it needs nothing from here. */
export interface ContainerAsk {
  readonly request: LaunchRequest
  readonly workload: Workload
  readonly image: string
  readonly offer: Offer
}

/** What takes the place of the image's own; null for that. */
interface ContainerCommand {
  readonly entrypoint: readonly string[] | null
  readonly command: readonly string[] | null
}

/** These clouds set no working directory, so that a shell goes there, and gives its place away. */
export const commandIn = ({
  entrypoint,
  command,
  workingDirectory,
}: Workload): ContainerCommand => {
  if (workingDirectory === null || entrypoint === null) return { entrypoint, command }
  const enter = 'mkdir -p -- "$0" && cd -- "$0" && exec "$@"'
  return {
    entrypoint: ['/bin/sh'],
    command: ['-c', enter, workingDirectory, ...entrypoint, ...(command ?? [])],
  }
}

const isList = (json: Json): json is readonly Json[] => Array.isArray(json)

/** A body with what became known only after it was planned. */
export const filledIn = (body: Json, placeholder: string, value: string): Json => {
  if (body === placeholder) return value
  if (typeof body !== 'object' || body === null) return body
  if (isList(body)) return body.map((one) => filledIn(one, placeholder, value))
  return Object.fromEntries(
    Object.entries(body).map(([key, one]) => [key, filledIn(one, placeholder, value)]),
  )
}

/** Pure. `calls` are what is sent; the offer's price is what it costs at most. */
export const planContainer = (
  title: string,
  request: LaunchRequest,
  offer: Offer,
  calls: (ask: ContainerAsk) => readonly PlannedCall[] | Planned,
): Planned => {
  const { workload } = request
  if (workload === null) return refusedPlan('a container needs something to run')
  const { image, environment, registryAuth } = workload
  if (image === null) return refusedPlan('a container needs an image')
  if (workload.projectDirectory !== null) {
    return refusedPlan(
      `${title} takes no project files: put them into the image, or use --no-files`,
    )
  }
  if (workload.shmMib !== null) {
    return refusedPlan(`${title} sizes shared memory by itself: leave shm_size out`)
  }
  const planned = calls({ request, workload, image, offer })
  if ('plan' in planned || 'refusal' in planned) return planned
  const given = [...Object.values(environment), registryAuth?.password ?? '']
  const secrets = given.filter((value) => value !== '')
  return { plan: { offer, request, calls: planned, highestNanoUsd: offer.priceNanoUsd, secrets } }
}
