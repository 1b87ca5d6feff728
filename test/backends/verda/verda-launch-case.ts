import { verda } from '#backends/verda/backend'
import { anInstanceType, anOffer } from '../../builders.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { readFixture } from '../read-fixture.ts'
import { newFakeVerda } from './fake-verda.ts'

const instanceType = anInstanceType({ name: 'CPU.4V.16G', cpus: 4, memoryMib: 16 * 1024 })

const offerIn = (region: string, spot = false) =>
  anOffer({ backend: 'verda', region, instanceType, spot, priceNanoUsd: 27_900_000 })

export const verdaLaunchCase: ProvisionerCase = {
  launcher: verda,
  environment: {
    VERDA_CLIENT_ID: 'canary-verda-id-11',
    VERDA_CLIENT_SECRET: 'canary-verda-secret-22',
  },
  offers: [offerIn('FIN-01'), offerIn('FIN-02'), offerIn('FIN-03')],
  spotOffer: offerIn('FIN-01', true),
  newModel: newFakeVerda,
  isCreate: ({ method, path }) => method === 'POST' && path === '/v1/instances',
  isRead: ({ method, path }) => method === 'GET' && path.startsWith('/v1/instances/'),
  isDestroy: ({ method, path }) => method === 'PUT' && path === '/v1/instances',
  isUnplanned: ({ path }) => path === '/v1/oauth2/token',
  errors: readFixture('verda', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, code, message }) => ({
    status,
    json: { code: code ?? 'unknown', message },
  }),
  makesSideObjects: true,
}
