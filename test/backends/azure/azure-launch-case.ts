import { azure } from '#backends/azure/backend'
import type { FakeRequest } from '../../contract/fake-cloud.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import { readFixture } from '../read-fixture.ts'
import { newFakeAzure } from './fake-azure.ts'

const offerIn = (region: string, priceNanoUsd: number, over: Parameters<typeof anOffer>[0] = {}) =>
  anOffer({
    backend: 'azure',
    region,
    priceNanoUsd,
    instanceType: anInstanceType({ name: 'Standard_D2s_v3', cpus: 2, memoryMib: 8192 }),
    ...over,
  })

const isOfMachine =
  (wanted: string) =>
  ({ method, path }: FakeRequest): boolean =>
    method === wanted && /\/virtualMachines\/[^/]+$/.test(path)

export const azureLaunchCase: ProvisionerCase = {
  launcher: azure,
  environment: {
    AZURE_TENANT_ID: 'canary-azure-tenant-1f',
    AZURE_CLIENT_ID: 'canary-azure-client-2e',
    AZURE_CLIENT_SECRET: 'canary-azure-secret-3d',
    AZURE_SUBSCRIPTION_ID: 'canary-azure-subscription-4c',
  },
  offers: [
    offerIn('eastus', 96_000_000),
    offerIn('westeurope', 120_000_000),
    offerIn('eastus', 526_000_000, {
      instanceType: anInstanceType({
        name: 'Standard_NC4as_T4_v3',
        cpus: 4,
        memoryMib: 28_672,
        gpu: aGpu({ name: 'T4' }),
        gpuCount: 1,
      }),
    }),
  ],
  spotOffer: offerIn('eastus', 20_000_000, { spot: true }),
  newModel: newFakeAzure,
  isCreate: isOfMachine('PUT'),
  isRead: isOfMachine('GET'),
  isDestroy: isOfMachine('DELETE'),
  errors: readFixture('azure', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, code, message }) => ({
    status,
    json: { error: { code: code ?? 'TooManyRequests', message } },
  }),
  makesSideObjects: true,
  isUnplanned: ({ path }) => path.startsWith('/login/'),
}
