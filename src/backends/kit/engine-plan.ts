/** The plan of a container, for every backend that has an engine. Pure. */
import type { Offer } from '#domain/offer'
import { containerBody, fullImageName } from './engine-body.ts'
import type { LaunchRequest, Planned } from './provisioner.ts'
import { refusedPlan } from './vm-plan.ts'

/** Names that every run finds set: they tell nothing, and every print may show them. */
const isPublic = (name: string): boolean => /^(DSTACK_|RUN_NAME$|REPO_ID$|HOME$)/.test(name)

/** Values that no print of a plan may show. */
export const secretsOf = (environment: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(environment)
    .filter(([name, value]) => !isPublic(name) && value !== '')
    .map(([, value]) => value)

/** A refusal for a price above the limit; null where it is within. */
export const tooDear = (
  { maxPriceNanoUsd }: LaunchRequest,
  { priceNanoUsd }: Offer,
): Planned | null =>
  maxPriceNanoUsd !== null && priceNanoUsd !== null && priceNanoUsd > maxPriceNanoUsd
    ? refusedPlan('its price is above max_price', { class: 'offer-gone', scope: 'offer' })
    : null

export const planContainer = (request: LaunchRequest, offer: Offer): Planned => {
  const { workload } = request
  if (workload === null) return refusedPlan('a container needs something to run')
  if (workload.image === null) return refusedPlan('a container needs an image')
  const dear = tooDear(request, offer)
  if (dear !== null) return dear
  const { environment, registryAuth, projectDirectory } = workload
  const body = containerBody(request, workload, offer)
  const password = registryAuth === null ? [] : [registryAuth.password]
  return {
    plan: {
      offer,
      request,
      calls: [
        {
          what: `POST /images/create, where the image is missing`,
          body: {
            fromImage: fullImageName(workload.image),
            ...(registryAuth !== null && { registryAuth: { ...registryAuth } }),
          },
        },
        { what: `POST /containers/create?name=${request.name}`, body },
        ...(projectDirectory === null
          ? []
          : [{ what: 'PUT /containers/{id}/archive', body: { files: projectDirectory } }]),
        { what: 'POST /containers/{id}/start', body: null },
      ],
      highestNanoUsd: offer.priceNanoUsd,
      secrets: [...secretsOf(environment), ...password],
    },
  }
}
