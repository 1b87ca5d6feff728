import { runpod } from '#backends/runpod/backend'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { readFixture } from '../read-fixture.ts'
import { newFakeRunpod } from './fake-runpod.ts'

const gpu = aGpu({ name: 'A40', memoryMib: 48 * 1024, computeCapability: [8, 6] })

const offerOf = (name: string, region: string, priceNanoUsd: number, spot = false) =>
  anOffer({
    backend: 'runpod',
    region,
    spot,
    priceNanoUsd,
    instanceType: anInstanceType({ name, cpus: 9, memoryMib: 50 * 1024, gpu, gpuCount: 1 }),
  })

const cpuOffer = anOffer({
  backend: 'runpod',
  region: 'EU-RO-1',
  priceNanoUsd: 500_000_000,
  instanceType: anInstanceType({ name: 'cpu3c-8-16', cpus: 8, memoryMib: 16 * 1024 }),
})

export const runpodLaunchCase: ProvisionerCase = {
  launcher: runpod,
  environment: { RUNPOD_API_KEY: 'canary-runpod-31fe' },
  offers: [
    offerOf('1x NVIDIA A40 secure', 'US-KS-2', 390_000_000),
    offerOf('1x NVIDIA A40 community', 'CA', 400_000_000),
    cpuOffer,
  ],
  spotOffer: offerOf('1x NVIDIA A40 secure', 'US-KS-2', 300_000_000, true),
  newModel: newFakeRunpod,
  isCreate: ({ method, path }) => method === 'POST' && /^\/(?:v2\/pods|graphql)$/.test(path),
  isRead: ({ method, path }) => method === 'GET' && path.startsWith('/v2/pods/'),
  isDestroy: ({ method, path }) => method === 'DELETE' && path.startsWith('/v2/pods/'),
  errors: readFixture('runpod', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, message }) => ({
    status,
    json:
      status === 200
        ? { errors: [{ message }], data: null }
        : { title: 'the request failed', status, detail: message },
  }),
  makesSideObjects: true,
}
