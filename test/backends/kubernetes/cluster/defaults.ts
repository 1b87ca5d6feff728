/** What an API server adds to an object that it is given. */
import { type Fields, fieldsOf, listOf, textsOf } from './objects.ts'

const notReady = 'node.kubernetes.io/not-ready'

const toleratedFor = (key: string): object => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
})

const pullPolicyOf = (image: string): string =>
  image.endsWith(':latest') || !/:[^/]*$|@/.test(image) ? 'Always' : 'IfNotPresent'

const resourcesOf = (given: unknown): Fields => {
  const { limits, requests, ...rest } = fieldsOf(given)
  const all = { ...textsOf(limits), ...textsOf(requests) }
  return {
    ...rest,
    ...(limits !== undefined && { limits }),
    ...(Object.keys(all).length > 0 && { requests: all }),
  }
}

const containerOf = (given: Fields): Fields => ({
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: pullPolicyOf(String(given['image'])),
  ...given,
  resources: resourcesOf(given['resources']),
  ...(given['ports'] !== undefined && {
    ports: listOf(given['ports']).map((port) => ({ protocol: 'TCP', ...port })),
  }),
})

const requestsOf = (container: Fields): Readonly<Record<string, string>> =>
  textsOf(fieldsOf(container['resources'])['requests'])

const qosOf = (containers: readonly Fields[]): string => {
  const told = (one: Fields, of: string) => textsOf(fieldsOf(one['resources'])[of])
  const isFull = containers.every((one) =>
    ['cpu', 'memory'].every((key) => {
      const limit = told(one, 'limits')[key]
      return limit !== undefined && told(one, 'requests')[key] === limit
    }),
  )
  if (isFull) return 'Guaranteed'
  const isAny = containers.some((one) => 'cpu' in requestsOf(one) || 'memory' in requestsOf(one))
  return isAny ? 'Burstable' : 'BestEffort'
}

const pod = (given: Fields): Fields => {
  const spec = fieldsOf(given['spec'])
  const containers = listOf(spec['containers']).map(containerOf)
  return {
    ...given,
    spec: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
      ...spec,
      tolerations: [
        ...listOf(spec['tolerations']),
        toleratedFor(notReady),
        toleratedFor('node.kubernetes.io/unreachable'),
      ],
      containers,
    },
    status: { phase: 'Pending', qosClass: qosOf(containers) },
  }
}

const noInfo = [
  'machineID',
  'systemUUID',
  'bootID',
  'kernelVersion',
  'osImage',
  'containerRuntimeVersion',
  'kubeletVersion',
  'kubeProxyVersion',
  'operatingSystem',
  'architecture',
]

/** Nobody has yet said that it is ready. */
const node = (given: Fields): Fields => ({
  ...given,
  spec: { ...fieldsOf(given['spec']), taints: [{ key: notReady, effect: 'NoSchedule' }] },
  status: {
    daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
    nodeInfo: Object.fromEntries(noInfo.map((key) => [key, ''])),
  },
})

const namespace = (given: Fields): Fields => {
  const metadata = fieldsOf(given['metadata'])
  const labels = { 'kubernetes.io/metadata.name': metadata['name'] }
  return {
    ...given,
    metadata: { ...metadata, labels: { ...labels, ...fieldsOf(metadata['labels']) } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }
}

const secret = ({ stringData, data, ...rest }: Fields): Fields => ({
  type: 'Opaque',
  ...rest,
  data: {
    ...fieldsOf(data),
    ...Object.fromEntries(
      Object.entries(textsOf(stringData)).map(([key, text]) => [
        key,
        Buffer.from(text).toString('base64'),
      ]),
    ),
  },
})

/** The addresses and ports that were given out, by number. */
const service = (given: Fields, number: number): Fields => {
  const spec = fieldsOf(given['spec'])
  const isNodePort = spec['type'] === 'NodePort'
  const clusterIP = `10.96.${number >> 8}.${number & 255}`
  return {
    ...given,
    spec: {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      ...(isNodePort && { externalTrafficPolicy: 'Cluster' }),
      clusterIP,
      clusterIPs: [clusterIP],
      ...spec,
      ports: listOf(spec['ports']).map((port) => ({
        protocol: 'TCP',
        targetPort: port['port'],
        ...(isNodePort && { nodePort: 30_000 + number }),
        ...port,
      })),
    },
    status: { loadBalancer: {} },
  }
}

const quota = (given: Fields): Fields => ({ ...given, status: {} })

const byResource: Readonly<Record<string, (given: Fields, number: number) => Fields>> = {
  pods: pod,
  nodes: node,
  namespaces: namespace,
  secrets: secret,
  services: service,
  resourcequotas: quota,
}

/** `number` is of this object alone. */
export const withDefaults = (resource: string, given: Fields, number: number): Fields =>
  byResource[resource]?.(given, number) ?? given

/** A status that was patched, with what each part of it has besides. */
export const withStatusDefaults = (resource: string, status: Fields): Fields => {
  if (resource !== 'pods') return status
  return {
    ...status,
    ...(status['conditions'] !== undefined && {
      conditions: listOf(status['conditions']).map((one) => ({
        lastProbeTime: null,
        lastTransitionTime: null,
        ...one,
      })),
    }),
    ...(status['containerStatuses'] !== undefined && {
      containerStatuses: listOf(status['containerStatuses']).map((one) => ({
        lastState: {},
        ...one,
      })),
    }),
  }
}
