import { oci } from '#backends/oci/backend'
import type { Offer } from '#domain/offer'
import { anInstanceType, anOffer } from '../../builders.ts'
import type { FakeRequest } from '../../contract/fake-cloud.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { readFixture } from '../read-fixture.ts'
import { newFakeOci } from './fake-oci.ts'
import { account, ociRefusal } from './oci-answers.ts'

const flexible = anInstanceType({ name: 'VM.Standard.E4.Flex.2o.16g', cpus: 4, memoryMib: 16_384 })
const fixed = anInstanceType({ name: 'VM.Standard2.2', cpus: 4, memoryMib: 30_720 })

export const ociOffer = (over: Partial<Omit<Offer, 'id'>> = {}): Offer =>
  anOffer({
    backend: 'oci',
    region: 'eu-paris-1',
    instanceType: flexible,
    priceNanoUsd: 74_000_000,
    ...over,
  })

export const isLaunch = ({ method, path }: FakeRequest): boolean =>
  method === 'POST' && path.endsWith('/instances')

const isOnInstance = ({ path }: FakeRequest): boolean => /\/instances\/[^/]+$/.test(path)

export const ociLaunchCase: ProvisionerCase = {
  launcher: oci,
  environment: {
    OCI_CLI_TENANCY: account.tenancy,
    OCI_CLI_USER: account.user,
    OCI_CLI_FINGERPRINT: account.fingerprint,
    OCI_CLI_KEY_CONTENT: account.privateKey,
    OCI_CLI_REGION: 'eu-zurich-1',
    OCI_COMPARTMENT_ID: account.compartment,
  },
  offers: [
    ociOffer(),
    ociOffer({ region: 'eu-marseille-1', priceNanoUsd: 74_000_001 }),
    ociOffer({ region: 'us-ashburn-1', instanceType: fixed, priceNanoUsd: 127_600_000 }),
  ],
  spotOffer: ociOffer({ spot: true, priceNanoUsd: 37_000_000 }),
  newModel: newFakeOci,
  isCreate: isLaunch,
  isRead: (request) => request.method === 'GET' && isOnInstance(request),
  isDestroy: (request) => request.method === 'DELETE' && isOnInstance(request),
  errors: readFixture('oci', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, code, message }) => ociRefusal(status, code ?? '', message),
  makesSideObjects: true,
}
