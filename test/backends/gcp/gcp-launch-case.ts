import type { CloudIo } from '#backends/kit/cloud-io'
import type { Provisioner } from '#backends/kit/provisioner'
import { readFileSync } from 'node:fs'
import { gcp } from '#backends/gcp/backend'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { readFixture } from '../read-fixture.ts'
import { computeRefusal, failedOperation, newFakeCompute } from './fake-compute.ts'
import { userFile } from './gcp-case.ts'

const credentials = readFileSync(userFile, 'utf8')

/** The contract gives no files: this one can be read. */
const withFile = (io: CloudIo): CloudIo => ({ ...io, secretFile: () => credentials })

const reading = (one: Provisioner): Provisioner => ({
  ...one,
  verify: (io) => one.verify(withFile(io)),
  create: (io, plan) => one.create(withFile(io), plan),
  observe: (io, ref) => one.observe(withFile(io), ref),
  list: (io, owner) => one.list(withFile(io), owner),
  destroy: (io, ref) => one.destroy(withFile(io), ref),
  destroySideObject: (io, object) => one.destroySideObject(withFile(io), object),
  renew: async (io, ref, tags) => one.renew?.(withFile(io), ref, tags),
})

const small = anInstanceType({ name: 'e2-standard-2' })
const withT4 = anInstanceType({
  name: 'n1-standard-8+2xT4',
  gpu: aGpu({ name: 'T4', computeCapability: [7, 5] }),
  gpuCount: 2,
})

const offerIn = (region: string, priceNanoUsd: number, instanceType = small, spot = false) =>
  anOffer({ backend: 'gcp', region, priceNanoUsd, instanceType, spot })

export const gcpLaunchCase: ProvisionerCase = {
  launcher: { ...gcp, provisioner: async () => reading(await gcp.provisioner()) },
  environment: {
    GOOGLE_APPLICATION_CREDENTIALS: '/canary-gcp-file.json',
    GOOGLE_CLOUD_PROJECT: 'a-project',
  },
  offers: [
    offerIn('us-central1', 67_000_000),
    offerIn('europe-west4', 73_000_000),
    offerIn('us-central1', 1_080_000_000, withT4),
  ],
  spotOffer: offerIn('us-central1', 20_000_000, small, true),
  newModel: newFakeCompute,
  isCreate: ({ path }) => path.endsWith('/instances/bulkInsert'),
  isRead: ({ method, path }) => method === 'GET' && /\/zones\/[^/]+\/instances\//.test(path),
  isDestroy: ({ method, path }) => method === 'DELETE' && path.includes('/instances/'),
  errors: readFixture('gcp', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, code, message }) => {
    if (status === 200) return failedOperation(code ?? '', message)
    return code === 'invalid_grant'
      ? { status, json: { error: code, error_description: message } }
      : computeRefusal(status, code ?? '', message)
  },
  makesSideObjects: true,
  isUnplanned: ({ path }) => path.endsWith('/token'),
}
