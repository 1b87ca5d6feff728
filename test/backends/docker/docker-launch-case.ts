import { docker } from '#backends/docker/backend'
import { endpointVariable } from '#backends/kit/endpoint'
import { anInstanceType, anOffer } from '../../builders.ts'
import type { ProvisionerCase } from '../../contract/provisioner-case.ts'
import { newFakeEngine } from './fake-engine.ts'

const offer = (name: string) =>
  anOffer({
    backend: 'docker',
    region: 'docker',
    priceNanoUsd: 10_000_000,
    instanceType: anInstanceType({ name, cpus: 2, memoryMib: 4096 }),
  })

/** Its address is that of the fake, which is known once it listens. */
const provisioner = async () => {
  const one = await docker.provisioner()
  return {
    ...one,
    readiness: (environment: Readonly<Record<string, string | undefined>>) =>
      one.readiness({ DOCKER_HOST: environment[endpointVariable('docker')] }),
  }
}

export const dockerLaunchCase: ProvisionerCase = {
  launcher: { ...docker, provisioner },
  environment: {},
  callsByItself: true,
  offers: [offer('container'), offer('another')],
  spotOffer: null,
  newModel: newFakeEngine,
  isCreate: ({ path }) => path === '/containers/create',
  isRead: ({ method, path }) => method === 'GET' && path.startsWith('/containers/'),
  isDestroy: ({ method }) => method === 'DELETE',
  errors: [],
  errorReply: ({ status, message }) => ({ status, json: { message } }),
  makesSideObjects: false,
}
