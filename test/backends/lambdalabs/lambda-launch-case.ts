import { lambdalabs } from '#backends/lambdalabs/backend'
import { aGpu, anInstanceType, anOffer } from '../../builders.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { readFixture } from '../read-fixture.ts'
import { newFakeLambda } from './fake-lambda.ts'

const instanceType = anInstanceType({
  name: 'gpu_1x_a10',
  cpus: 30,
  memoryMib: 200 * 1024,
  gpu: aGpu({ name: 'A10', memoryMib: 24 * 1024 }),
  gpuCount: 1,
})

const offerIn = (region: string) =>
  anOffer({ backend: 'lambdalabs', region, instanceType, priceNanoUsd: 750_000_000 })

export const lambdaLaunchCase: ProvisionerCase = {
  launcher: lambdalabs,
  environment: { LAMBDA_API_KEY: 'canary-lambda-4a7d' },
  offers: [offerIn('us-east-1'), offerIn('us-west-1'), offerIn('us-south-2')],
  spotOffer: null,
  newModel: newFakeLambda,
  isCreate: ({ path }) => path.endsWith('/instance-operations/launch'),
  isRead: ({ method, path }) => method === 'GET' && path.includes('/instances/'),
  isDestroy: ({ path }) => path.endsWith('/instance-operations/terminate'),
  errors: readFixture('lambdalabs', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, code, message }) => ({
    status,
    json: { error: { code: code ?? 'global/too-many-requests', message, suggestion: '' } },
  }),
  makesSideObjects: true,
}
