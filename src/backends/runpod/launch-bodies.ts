/**
 * What is sent to make a pod. REST knows neither bids nor countries: spot, and what is in the
 * community cloud, is rented by GraphQL, with values as variables.
 */
import type { Json } from '#domain/json'
import type { Offer } from '#domain/offer'
import { commandIn, type ContainerAsk } from '#backends/kit/container-plan'
import type { PlannedCall, Planned } from '#backends/kit/provisioner'
import { refusedPlan } from '#backends/kit/vm-plan'

type Fields = Readonly<Record<string, Json>>

const address = 'https://api.runpod.io'

export const registryPlaceholder = '<id of the registry>'

/** Tells a pod with a bid, in its environment: REST shows nothing else that would. */
export const spotMarker = 'DSTACK_OFFERS_SPOT'

/** GB of a pod made by GraphQL, which has no default; that of RunPod's own client. */
const defaultDiskGb = 20

const gibOf = (mib: number): number => Math.ceil(mib / 1024)

/** The start command as JSON: RunPod takes an entrypoint only so. */
const startOf = ({ workload }: ContainerAsk): string | null => {
  const { entrypoint, command } = commandIn(workload)
  if (entrypoint === null && command === null) return null
  return JSON.stringify({
    ...(command !== null && { cmd: command }),
    ...(entrypoint !== null && { entrypoint }),
  })
}

/** What the importer called it: how many of which type in which cloud, or a flavor and its size. */
const gpuName = /^(\d+)x (.+) (secure|community)$/
const cpuName = /^([^-]+)-(\d+)-/

const environmentOf = ({ workload, offer }: ContainerAsk): Readonly<Record<string, string>> => ({
  ...workload.environment,
  ...(offer.spot && { [spotMarker]: '1' }),
})

const restBody = (ask: ContainerAsk, region: string, machine: Fields): Fields => {
  const { request, workload, image } = ask
  const args = startOf(ask)
  return {
    name: request.name,
    cloud: 'SECURE',
    ...machine,
    dataCenterIds: [region],
    image,
    ...(args !== null && { args }),
    ...(request.diskMib !== null && { disk: gibOf(request.diskMib) }),
    ports: [`${workload.port}/tcp`],
    env: environmentOf(ask),
    ...(workload.registryAuth !== null && { registry: registryPlaceholder }),
  }
}

const graphqlInput = (
  ask: ContainerAsk,
  region: string,
  type: string,
  isSecure: boolean,
): Fields => {
  const { request, workload, image, offer } = ask
  const { gpuCount, cpus, memoryMib } = offer.instanceType
  return {
    name: request.name,
    cloudType: isSecure ? 'SECURE' : 'COMMUNITY',
    ...(isSecure ? { dataCenterId: region } : { countryCode: region }),
    gpuTypeId: type,
    gpuCount,
    minVcpuCount: Math.floor(cpus),
    minMemoryInGb: Math.floor(memoryMib / 1024),
    containerDiskInGb: request.diskMib === null ? defaultDiskGb : gibOf(request.diskMib),
    volumeInGb: 0,
    supportPublicIp: true,
    startSsh: false,
    imageName: image,
    dockerArgs: startOf(ask) ?? '',
    ports: `${workload.port}/tcp`,
    env: Object.entries(environmentOf(ask)).map(([key, value]) => ({ key, value })),
    ...(workload.registryAuth !== null && { containerRegistryAuthId: registryPlaceholder }),
  }
}

const mutation = (name: string, input: string): string =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { id costPerHr } }`

const bidPerGpu = ({ priceNanoUsd, instanceType }: Offer): number | null =>
  priceNanoUsd === null ? null : priceNanoUsd / instanceType.gpuCount / 1e9

const graphqlCall = (ask: ContainerAsk, input: Fields): PlannedCall | Planned => {
  const what = `POST ${address}/graphql`
  if (!ask.offer.spot) {
    const query = mutation('podFindAndDeployOnDemand', 'PodFindAndDeployOnDemandInput')
    return { what, body: { query, variables: { input } } }
  }
  const bid = bidPerGpu(ask.offer)
  if (bid === null) {
    return refusedPlan('nobody knows what to bid', { class: 'offer-gone', scope: 'offer' })
  }
  const query = mutation('podRentInterruptable', 'PodRentInterruptableInput')
  return { what, body: { query, variables: { input: { bidPerGpu: bid, ...input } } } }
}

const podCall = (ask: ContainerAsk, region: string): PlannedCall | Planned => {
  const { name } = ask.offer.instanceType
  const what = `POST ${address}/v2/pods`
  const [, count, type, cloud] = gpuName.exec(name) ?? []
  if (type !== undefined) {
    const isSecure = cloud === 'secure'
    if (ask.offer.spot || !isSecure) {
      return graphqlCall(ask, graphqlInput(ask, region, type, isSecure))
    }
    return { what, body: restBody(ask, region, { gpu: { id: type, count: Number(count) } }) }
  }
  const [, flavor, cpus] = cpuName.exec(name) ?? []
  if (flavor === undefined || ask.offer.spot) {
    return refusedPlan(`no pod is known for "${name}"`, { scope: 'offer' })
  }
  return { what, body: restBody(ask, region, { cpu: { id: flavor, vcpuCount: Number(cpus) } }) }
}

/** The registry's credentials where there are any; the pod. */
export const launchCalls = (ask: ContainerAsk): readonly PlannedCall[] | Planned => {
  const { request, workload, offer } = ask
  const { region } = offer
  if (region === null) {
    const message = `${offer.instanceType.name} is in stock in no region`
    return refusedPlan(message, { class: 'no-capacity', scope: 'offer' })
  }
  const pod = podCall(ask, region)
  if (!('what' in pod)) return pod
  if (workload.registryAuth === null) return [pod]
  const { username, password } = workload.registryAuth
  const body = { name: request.name, username, password }
  return [{ what: `POST ${address}/v2/registries`, body }, pod]
}
