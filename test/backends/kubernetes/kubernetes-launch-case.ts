import { kubernetes } from '#backends/kubernetes/backend'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { contextOf } from './kubeconfig.ts'
import { newModelCluster } from './model-cluster.ts'
import { recorded } from './recorded.ts'

const gpu = aGpu({ name: 'A100', memoryMib: 81_920, computeCapability: [8, 0] })

const offerOf = (name: string, region: string, priceNanoUsd: number, spot = false) =>
  anOffer({
    backend: 'kubernetes',
    region,
    spot,
    priceNanoUsd,
    instanceType: anInstanceType({ name, cpus: 8, memoryMib: 32 * 1024, gpu, gpuCount: 1 }),
  })

type Row = readonly [string, ErrorRow['class'], ErrorRow['scope'], ErrorRow['during']?]

/** Each is a refusal of the recorded API server. */
const rows: readonly Row[] = [
  ['bad token', 'auth', 'backend'],
  ['anonymous', 'auth', 'backend', 'verify'],
  ['anonymous', 'auth', 'backend', 'list'],
  ['create pod with bad name', 'invalid', 'attempt'],
  ['create pod with bad label', 'invalid', 'attempt'],
  ['create pod gpu request differs from limit', 'invalid', 'attempt'],
  ['create pod bad quantity', 'invalid', 'attempt'],
  ['create pod bad port', 'invalid', 'attempt'],
  ['create pod unknown field strict', 'invalid', 'attempt'],
  ['create pod malformed json', 'invalid', 'attempt'],
  ['create pod wrong content type', 'invalid', 'attempt'],
  ['create pod in missing namespace', 'invalid', 'backend'],
  ['create pod over quota', 'quota', 'backend'],
  ['delete pod with wrong uid', 'transient', 'call', 'destroy'],
]

const errors = rows.map(([name, failureClass, scope, during]): ErrorRow => {
  const { status, body } = recorded(name).response
  const { reason, message } = body as { reason: string; message: string }
  const evidence = `recorded: ${name}`
  return {
    status,
    code: reason,
    message,
    class: failureClass,
    scope,
    ...(during !== undefined && { during }),
    evidence,
  }
})

export const kubernetesLaunchCase: ProvisionerCase = {
  launcher: kubernetes,
  environment: { KUBECONFIG: '/canary/kubeconfig-4e1b' },
  readFile: (_, url) => JSON.stringify(contextOf(url, 'valid')),
  callsByItself: true,
  offers: [
    offerOf('a2-ultragpu-2g:1gpu', 'us-central1', 390_000_000),
    offerOf('a2-ultragpu-2g:1gpu', 'us-east1', 400_000_000),
    offerOf('node:attic:1gpu', 'home', 500_000_000),
  ],
  spotOffer: offerOf('a2-ultragpu-2g:1gpu', 'us-central1', 300_000_000, true),
  newModel: newModelCluster,
  isCreate: ({ method, path }) => method === 'POST' && path.endsWith('/pods'),
  isRead: ({ method, path }) => method === 'GET' && /\/pods\/[^/]+$/.test(path),
  isDestroy: ({ method, path }) => method === 'DELETE' && /\/pods\/[^/]+$/.test(path),
  errors,
  errorReply: ({ status, code, message }) => ({
    status,
    json: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(code !== null && { reason: code }),
      code: status,
    },
  }),
  makesSideObjects: true,
}
