import { digitalocean } from '#backends/digitalocean/backend'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import { readFixture } from '../read-fixture.ts'
import { newFakeDigitalocean } from './fake-digitalocean.ts'

const offerIn = (region: string, priceNanoUsd: number, size = 's-1vcpu-512mb-10gb') =>
  anOffer({
    backend: 'digitalocean',
    region,
    priceNanoUsd,
    instanceType: anInstanceType({
      name: size,
      cpus: 1,
      memoryMib: 512,
      ...(size.startsWith('gpu-') && { gpu: aGpu({ name: 'H100' }), gpuCount: 1 }),
    }),
  })

export const digitaloceanLaunchCase: ProvisionerCase = {
  launcher: digitalocean,
  environment: { DIGITAL_OCEAN_API_KEY: 'canary-digitalocean-90ab' },
  offers: [
    offerIn('ams3', 5_950_000),
    offerIn('nyc1', 5_950_001),
    offerIn('tor1', 3_390_000_000, 'gpu-h100x1-80gb'),
  ],
  spotOffer: null,
  newModel: newFakeDigitalocean,
  isCreate: ({ method, path }) => method === 'POST' && path === '/v2/droplets',
  isRead: ({ method, path }) => method === 'GET' && path.startsWith('/v2/droplets/'),
  isDestroy: ({ method, path }) => method === 'DELETE' && path.startsWith('/v2/droplets/'),
  errors: readFixture('digitalocean', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, code, message }) => ({
    status,
    json: { id: code ?? 'too_many_requests', message },
  }),
  makesSideObjects: true,
}
