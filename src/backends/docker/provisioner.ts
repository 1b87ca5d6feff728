/** A Docker-compatible engine, here or elsewhere, whose containers are the machines. */
import { classifyEngine } from '#backends/kit/engine-errors'
import {
  createContainer,
  containerLogs,
  destroyContainer,
  listContainers,
  observeContainer,
} from '#backends/kit/engine-machines'
import { planContainer } from '#backends/kit/engine-plan'
import { engineReadiness, openEngine } from '#backends/kit/engine'
import type { CloudIo } from '#backends/kit/cloud-io'
import type { Provisioner } from '#backends/kit/provisioner'
import { ownOffer } from '#backends/kit/user-offer'
import { userPrice, withUserPrice } from '#backends/kit/user-price'
import { unknownFailure } from '#backends/kit/unknown-failure'
import { engineMachine } from '#backends/kit/engine-inventory'
import type { Offer } from '#domain/offer'

const place = { backend: 'docker', region: 'docker' }

const offers = async (io: CloudIo): Promise<readonly Offer[]> => {
  const instanceType = await engineMachine(await openEngine(io), 'container')
  const source = 'the container engine'
  return [ownOffer(io, { ...place, instanceType, priceNanoUsd: userPrice(io), source })]
}

export const dockerProvisioner: Provisioner = {
  traits: {
    idempotency: 'name',
    tags: 'tags',
    runtime: 'container',
    userDataMaxBytes: 0,
    spot: false,
    stopBills: false,
    listConsistencySeconds: 0,
    startSeconds: 60,
    tellsInterruption: false,
  },
  readiness: (environment) =>
    withUserPrice(engineReadiness(environment), environment, 'DSTACK_OFFERS_DOCKER_PRICE'),
  verify: async (io) => {
    const { docker } = await openEngine(io)
    await docker.ping()
  },
  inventory: offers,
  plan: planContainer,
  create: (io, plan) => createContainer(io, plan, place),
  observe: (io, { id }) => observeContainer(io, id, place),
  list: (io, owner) => listContainers(io, owner, place),
  destroy: (io, { id }) => destroyContainer(io, id),
  destroySideObject: async () => 'gone',
  logs: (io, { id }, request) => containerLogs(io, id, request),
  classify: (error, context) => classifyEngine(error, context) ?? unknownFailure(error),
}
