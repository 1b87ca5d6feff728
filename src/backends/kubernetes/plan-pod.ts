/** What is sent for one replica, or why nothing is. Pure. */
import type { LaunchRequest, Planned, PlannedCall } from '#backends/kit/provisioner'
import { refusedPlan } from '#backends/kit/vm-plan'
import { secretsOf, tooDear } from '#backends/kit/engine-plan'
import type { Offer } from '#domain/offer'
import {
  environmentSecret,
  gpuResourceOf,
  podManifest,
  pullSecret,
  serviceManifest,
} from './manifests.ts'

/** Which cluster, and which namespace of it, the kubeconfig says. */
const post = (resource: string): string =>
  `POST https://cluster/api/v1/namespaces/<namespace>/${resource}`

export const planPod = (request: LaunchRequest, offer: Offer): Planned => {
  const { workload } = request
  if (workload === null) return refusedPlan('a pod needs something to run')
  const dear = tooDear(request, offer)
  if (dear !== null) return dear
  const { image, environment, registryAuth } = workload
  if (image === null) return refusedPlan('a pod needs an image')
  if (workload.projectDirectory !== null) {
    return refusedPlan(
      'kubernetes takes no project files: put them into the image, or use --no-files',
    )
  }
  if (offer.instanceType.gpuCount > 0 && gpuResourceOf(offer) === null) {
    const name = offer.instanceType.gpu?.name ?? '?'
    return refusedPlan(`no resource of Kubernetes is known for "${name}"`, { scope: 'offer' })
  }
  const pull = pullSecret(request, image, workload)
  const calls: readonly PlannedCall[] = [
    { what: post('secrets'), body: environmentSecret(request, workload) },
    ...(pull === null ? [] : [{ what: post('secrets'), body: pull }]),
    { what: post('services'), body: serviceManifest(request, workload) },
    { what: post('pods'), body: podManifest(request, image, workload, offer) },
  ]
  const auth = pull?.stringData['.dockerconfigjson']
  const secrets = [
    ...secretsOf(environment),
    ...(registryAuth === null ? [] : [registryAuth.password]),
    ...(auth === undefined ? [] : [auth]),
  ]
  return { plan: { offer, request, calls, highestNanoUsd: offer.priceNanoUsd, secrets } }
}
