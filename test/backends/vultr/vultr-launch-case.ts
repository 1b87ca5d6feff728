import { vultr } from '#backends/vultr/backend'
import { anInstanceType, anOffer } from '../../builders.ts'
import type { ErrorRow, ProvisionerCase } from '../../contract/provisioner-case.ts'
import { readFixture } from '../read-fixture.ts'
import { newFakeVultr } from './fake-vultr.ts'

const offerIn = (region: string, name = 'vc2-1c-1gb') =>
  anOffer({
    backend: 'vultr',
    region,
    instanceType: anInstanceType({ name, cpus: 1, memoryMib: 1024 }),
    priceNanoUsd: 7_000_000,
  })

export const vultrLaunchCase: ProvisionerCase = {
  launcher: vultr,
  environment: { VULTR_API_KEY: 'canary-vultr-e1c2' },
  offers: [offerIn('ewr'), offerIn('ams'), offerIn('lax', 'vbm-4c-32gb')],
  spotOffer: null,
  newModel: newFakeVultr,
  isCreate: ({ method, path }) =>
    method === 'POST' && (path === '/v2/instances' || path === '/v2/bare-metals'),
  isRead: ({ method, path }) =>
    method === 'GET' && /^\/v2\/(?:instances|bare-metals)\/./.test(path),
  isDestroy: ({ method, path }) =>
    method === 'DELETE' && /^\/v2\/(?:instances|bare-metals)\/./.test(path),
  errors: readFixture('vultr', 'errors.json') as readonly ErrorRow[],
  errorReply: ({ status, message }) => ({ status, json: { error: message, status } }),
  makesSideObjects: true,
}
