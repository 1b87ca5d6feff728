/** What an API server refuses of an object: of names, labels, quantities, ports and secrets. */
import { jsonFault } from './go-json.ts'
import { type Fields, fieldsOf, listOf, textsOf } from './objects.ts'
import type { Fault } from './statuses.ts'

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
const labelValue = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'
const quantity = '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
const suffixes = /^(?:[eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/

const isWhole = (pattern: string, text: string): boolean =>
  new RegExp(`^(?:${pattern})$`).test(text)

const nameFaults = (name: string): readonly Fault[] =>
  isWhole(subdomain, name) && name.length <= 253
    ? []
    : [
        {
          field: 'metadata.name',
          message: `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`,
        },
      ]

const labelFaults = (labels: unknown): readonly Fault[] =>
  Object.values(textsOf(labels)).flatMap((value) => {
    const message = !isWhole(labelValue, value)
      ? `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${labelValue}')`
      : value.length > 63
        ? 'must be no more than 63 characters'
        : null
    return message === null
      ? []
      : [{ field: 'metadata.labels', message: `Invalid value: "${value}": ${message}` }]
  })

const containersOf = (object: Fields): readonly Fields[] =>
  listOf(fieldsOf(object['spec'])['containers'])

/** What is counted in whole pieces is requested as it is limited. */
const extendedFaults = (container: Fields, at: string): readonly Fault[] => {
  const { limits, requests } = fieldsOf(container['resources'])
  return Object.entries(textsOf(limits)).flatMap(([key, limit]) => {
    const request = textsOf(requests)[key]
    if (!key.includes('/') || request === undefined || request === limit) return []
    const message = `Invalid value: "${request}": must be equal to ${key} limit of ${limit}`
    return [{ field: `${at}.resources.requests`, message }]
  })
}

const portFaults = (container: Fields, at: string): readonly Fault[] =>
  listOf(container['ports']).flatMap(({ containerPort }, index) => {
    const port = Number(containerPort)
    if (port >= 1 && port <= 65_535) return []
    const message = `Invalid value: ${port}: must be between 1 and 65535, inclusive`
    return [{ field: `${at}.ports[${index}].containerPort`, message }]
  })

const podFaults = (pod: Fields): readonly Fault[] =>
  containersOf(pod).flatMap((container, index) => {
    const at = `spec.containers[${index}]`
    return [...portFaults(container, at), ...extendedFaults(container, at)]
  })

const secretFaults = ({ type, data }: Fields): readonly Fault[] => {
  if (type !== 'kubernetes.io/dockerconfigjson') return []
  const text = Buffer.from(textsOf(data)['.dockerconfigjson'] ?? '', 'base64').toString()
  const why = jsonFault(text)
  return why === null
    ? []
    : [
        {
          field: 'data[.dockerconfigjson]',
          message: `Invalid value: "<secret contents redacted>": ${why}`,
        },
      ]
}

const serviceFaults = ({ spec }: Fields): readonly Fault[] =>
  listOf(fieldsOf(spec)['ports']).flatMap(({ nodePort }, index) => {
    if (nodePort === undefined || (Number(nodePort) >= 30_000 && Number(nodePort) <= 32_767)) {
      return []
    }
    const message = `Invalid value: ${Number(nodePort)}: provided port is not in the valid range. The range of valid ports is 30000-32767`
    return [{ field: `spec.ports[${index}].nodePort`, message }]
  })

const byResource: Readonly<Record<string, (object: Fields) => readonly Fault[]>> = {
  pods: podFaults,
  secrets: secretFaults,
  services: serviceFaults,
}

export const faultsOf = (resource: string, object: Fields): readonly Fault[] => {
  const { name, labels } = fieldsOf(object['metadata'])
  return [
    ...nameFaults(String(name)),
    ...labelFaults(labels),
    ...(byResource[resource]?.(object) ?? []),
  ]
}

/** Of an object that cannot be read at all; null for one that can. */
export const quantityFault = (object: Fields): string | null => {
  const quantities = containersOf(object).flatMap((container) => {
    const { limits, requests } = fieldsOf(container['resources'])
    return [...Object.values(textsOf(limits)), ...Object.values(textsOf(requests))]
  })
  for (const one of quantities) {
    const match = new RegExp(quantity).exec(one)
    if (match === null) return `quantities must match the regular expression '${quantity}'`
    if (!suffixes.test(match[2] ?? '')) return "unable to parse quantity's suffix"
  }
  return null
}

const podSpecFields: ReadonlySet<string> = new Set(
  `activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy
   enableServiceLinks ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname
   imagePullSecrets initContainers nodeName nodeSelector os overhead preemptionPolicy priority
   priorityClassName readinessGates resourceClaims resources restartPolicy runtimeClassName
   schedulerName schedulingGates securityContext serviceAccount serviceAccountName
   setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations
   topologySpreadConstraints volumes`.split(/\s+/),
)

/** Under strict validation; null where all fields are known. */
export const unknownField = (resource: string, object: Fields): string | null => {
  if (resource !== 'pods') return null
  const found = Object.keys(fieldsOf(object['spec'])).find((key) => !podSpecFields.has(key))
  return found === undefined ? null : `strict decoding error: unknown field "spec.${found}"`
}
