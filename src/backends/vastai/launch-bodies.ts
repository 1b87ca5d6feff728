/** What is sent to rent an ask, once its price was asked for again. */
import type { Json } from '#domain/json'
import type { Workload } from '#domain/workload'
import { commandIn, type ContainerAsk } from '#backends/kit/container-plan'
import type { PlannedCall, Planned } from '#backends/kit/provisioner'
import { refusedPlan } from '#backends/kit/vm-plan'

const address = 'https://console.vast.ai'

/** Limits of the API's specification. */
const leastDiskGb = 8
const mostCommandCharacters = 4096
const mostEnvironmentCharacters = 32_768

/** One ask by its number, whatever else may be true of it now. */
const quoteBody = (id: string): Json => ({
  id: { eq: Number(id) },
  rentable: { eq: true },
  type: 'on-demand',
  limit: 1,
})

/** `docker login` arguments. The registry is the first part of the image's name where it has one. */
const loginOf = (
  image: string,
  { username, password }: NonNullable<Workload['registryAuth']>,
): string => {
  const [first = '', ...rest] = image.split('/')
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  return `-u ${username} -p ${password} ${isHost ? first : 'docker.io'}`
}

/** The program is what Vast.ai calls `onstart`: so does its own client. */
const startOf = (workload: Workload): Readonly<Record<string, Json>> => {
  const { entrypoint, command } = commandIn(workload)
  const [program, ...before] = entrypoint ?? []
  const args = [...before, ...(command ?? [])]
  return {
    ...(program !== undefined && { onstart: program }),
    ...(args.length > 0 && { args }),
  }
}

/** Variables, and the options of Docker: the port is mapped to one that the host chooses. */
const environmentOf = ({ environment, port }: Workload): Readonly<Record<string, string>> => ({
  ...environment,
  [`-p ${port}:${port}`]: '1',
})

const length = (value: Json): number => JSON.stringify(value).length

/** Without `cancel_unavail` a contract that cannot start would stay, and bill its disk. */
const rentBody = ({ request, workload, image, offer }: ContainerAsk): Json => ({
  client_id: 'me',
  image,
  label: request.name,
  runtype: 'args',
  ...startOf(workload),
  env: environmentOf(workload),
  ...(offer.spot && offer.priceNanoUsd !== null && { price: offer.priceNanoUsd / 1e9 }),
  ...(request.diskMib !== null && {
    disk: Math.max(leastDiskGb, Math.ceil(request.diskMib / 1024)),
  }),
  ...(workload.registryAuth !== null && { image_login: loginOf(image, workload.registryAuth) }),
  cancel_unavail: true,
  target_state: 'running',
})

const unfit = ({ workload }: ContainerAsk): string | null => {
  const { username, password } = workload.registryAuth ?? { username: '', password: '' }
  if (/[\s'"\\]/.test(username + password)) {
    return 'Vast.ai takes no registry_auth with spaces, quotes or backslashes'
  }
  if (length(startOf(workload)) > mostCommandCharacters) {
    return `Vast.ai takes commands of ${mostCommandCharacters} characters at most`
  }
  return length(environmentOf(workload)) > mostEnvironmentCharacters
    ? `Vast.ai takes env of ${mostEnvironmentCharacters} characters at most`
    : null
}

/** The ask's price as it is now; the contract. */
export const launchCalls = (ask: ContainerAsk): readonly PlannedCall[] | Planned => {
  const { name } = ask.offer.instanceType
  if (!/^\d+$/.test(name)) {
    return refusedPlan(`"${name}" is no number of an ask`, { scope: 'offer' })
  }
  if (ask.offer.priceNanoUsd === null) {
    const message = 'nobody knows what the ask costs'
    return refusedPlan(message, { class: 'offer-gone', scope: 'offer' })
  }
  const reason = unfit(ask)
  if (reason !== null) return refusedPlan(reason)
  return [
    { what: `POST ${address}/api/v0/bundles/`, body: quoteBody(name) },
    { what: `PUT ${address}/api/v0/asks/${name}/`, body: rentBody(ask) },
  ]
}
