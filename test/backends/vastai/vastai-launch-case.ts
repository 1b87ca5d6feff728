import { vastai } from '#backends/vastai/backend'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { readFixture } from '../read-fixture.ts'
import { newFakeVastai } from './fake-vastai.ts'

const gpu = aGpu({ name: 'RTX4090', memoryMib: 24 * 1024, computeCapability: [8, 9] })

const offerOf = (ask: string, region: string, priceNanoUsd: number, spot = false) =>
  anOffer({
    backend: 'vastai',
    region,
    spot,
    priceNanoUsd,
    instanceType: anInstanceType({ name: ask, cpus: 24, memoryMib: 16_098, gpu, gpuCount: 1 }),
  })

export const vastaiLaunchCase: ProvisionerCase = {
  launcher: vastai,
  environment: { VAST_API_KEY: 'canary-vastai-6c0d' },
  offers: [
    offerOf('11684738', 'cn-guangxi', 250_000_000),
    offerOf('11684739', 'us-texas', 300_000_000),
    offerOf('11684740', 'se', 350_000_000),
  ],
  spotOffer: offerOf('11684738', 'cn-guangxi', 150_000_000, true),
  newModel: (clock, knobs) => newFakeVastai(clock, knobs),
  isCreate: ({ method, path }) => method === 'PUT' && path.startsWith('/api/v0/asks/'),
  isRead: ({ method, path }) => method === 'GET' && path.startsWith('/api/v0/instances/'),
  isDestroy: ({ method, path }) => method === 'DELETE' && path.startsWith('/api/v0/instances/'),
  errors: readFixture('vastai', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, code, message }) =>
    code === null
      ? { status, text: message }
      : { status, json: { success: false, error: code, msg: message } },
  makesSideObjects: false,
}
