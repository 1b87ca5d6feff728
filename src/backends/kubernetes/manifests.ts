/** What is made in a cluster for one replica. Pure. */
import type { Json } from '#domain/json'
import type { Offer } from '#domain/offer'
import type { Workload } from '#domain/workload'
import type { LaunchRequest } from '#backends/kit/provisioner'
import { metadataOf } from './labels.ts'
import { spotLabels } from './spot-labels.ts'

/** Pulling the image counts for Kubernetes, not for us; the reconciler is exact, this is the net. */
const slackSeconds = 3600

const gpuResources: Readonly<Record<string, string>> = {
  nvidia: 'nvidia.com/gpu',
  amd: 'amd.com/gpu',
}

/** Null for accelerators that no device plugin is known for. */
export const gpuResourceOf = ({ instanceType }: Offer): string | null =>
  gpuResources[instanceType.gpu?.vendor ?? ''] ?? null

/**
 * An offer is of the nodes of an instance type, or of one node where they tell none. What the name
 * says besides is no part of a label: how many accelerators are taken, and where, after an `@`.
 */
const nodeSelector = ({ instanceType, region }: Offer): Readonly<Record<string, string>> => {
  const name = instanceType.name.replace(/@.*$/, '').replace(/:\d+gpu$/, '')
  return {
    ...(name.startsWith('node:')
      ? { 'kubernetes.io/hostname': name.slice('node:'.length) }
      : { 'node.kubernetes.io/instance-type': name }),
    ...(region !== null && { 'topology.kubernetes.io/region': region }),
  }
}

/** Nodes of one type may be spot and not: whoever wants the one does not get the other. */
const nodeAffinity = ({ spot }: Offer) => {
  const each = spotLabels.map(({ key, value }) => ({
    key,
    operator: spot ? 'In' : 'NotIn',
    values: [value],
  }))
  // Any of several terms is enough; of the expressions in a term, all are needed.
  const nodeSelectorTerms = spot
    ? each.map((one) => ({ matchExpressions: [one] }))
    : [{ matchExpressions: each }]
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }
}

const resourcesOf = ({ cpus, memoryMib }: Workload, offer: Offer) => {
  const gpu = gpuResourceOf(offer)
  const shared = {
    ...(memoryMib !== null && memoryMib > 0 && { memory: `${memoryMib}Mi` }),
    ...(gpu !== null && { [gpu]: String(offer.instanceType.gpuCount) }),
  }
  const cpu = cpus !== null && cpus > 0 && { cpu: String(cpus) }
  return { requests: { ...cpu, ...shared }, limits: shared }
}

/** The registry of an image: its first part where that is a host, else Docker's own. */
const registryOf = (image: string): string => {
  const [first = '', ...rest] = image.split('/')
  const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first)
  return isHost ? first : 'https://index.docker.io/v1/'
}

const pullSecretName = (name: string): string => `${name}-pull`

export const environmentSecret = ({ tags }: LaunchRequest, { environment, home }: Workload) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: metadataOf(tags),
  stringData: { HOME: home, ...environment },
})

export const pullSecret = ({ tags }: LaunchRequest, image: string, workload: Workload) => {
  const { registryAuth } = workload
  if (registryAuth === null) return null
  const { username, password } = registryAuth
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  const metadata = metadataOf(tags)
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, name: pullSecretName(metadata.name) },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: {
      '.dockerconfigjson': JSON.stringify({ auths: { [registryOf(image)]: { auth } } }),
    },
  }
}

const sharedMemory = (shmMib: number | null) =>
  shmMib === null
    ? { volumes: {}, mounts: {} }
    : {
        volumes: {
          volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: `${shmMib}Mi` } }],
        },
        mounts: { volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }] },
      }

const containerOf = (image: string, workload: Workload, offer: Offer, secret: string) => ({
  name: 'main',
  image,
  ...(workload.entrypoint !== null && { command: [...workload.entrypoint] }),
  ...(workload.command !== null && { args: [...workload.command] }),
  ...(workload.workingDirectory !== null && { workingDir: workload.workingDirectory }),
  envFrom: [{ secretRef: { name: secret } }],
  ports: [{ containerPort: workload.port }],
  resources: resourcesOf(workload, offer),
  ...sharedMemory(workload.shmMib).mounts,
})

export const podManifest = (
  { tags }: LaunchRequest,
  image: string,
  workload: Workload,
  offer: Offer,
) => {
  const metadata = metadataOf(tags)
  const { maxDurationSeconds, registryAuth, shmMib } = workload
  const gpu = gpuResourceOf(offer)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      nodeSelector: nodeSelector(offer),
      affinity: nodeAffinity(offer),
      ...(gpu !== null && {
        tolerations: [{ key: gpu, operator: 'Exists', effect: 'NoSchedule' }],
      }),
      ...(maxDurationSeconds !== null && {
        activeDeadlineSeconds: maxDurationSeconds + slackSeconds,
      }),
      ...(registryAuth !== null && { imagePullSecrets: [{ name: pullSecretName(metadata.name) }] }),
      containers: [containerOf(image, workload, offer, metadata.name)],
      ...sharedMemory(shmMib).volumes,
    },
  } satisfies Json
}

export const serviceManifest = ({ tags }: LaunchRequest, { port }: Workload) => {
  const metadata = metadataOf(tags)
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: metadata.labels, ports: [{ port, targetPort: port }] },
  } satisfies Json
}
