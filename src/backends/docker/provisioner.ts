/** A Docker-compatible engine, here or elsewhere, whose containers are the machines. */
import { containerLogs } from '#backends/kit/engine-machines'
import { planContainer } from '#backends/kit/engine-plan'
import { engineReadiness, openEngine } from '#backends/kit/engine'
import type { CloudIo } from '#backends/kit/cloud-io'
import type { Provisioner } from '#backends/kit/provisioner'
import { ownOffer } from '#backends/kit/user-offer'
import { userPrice, withUserPrice } from '#backends/kit/user-price'
import { engineMachine } from '#backends/kit/engine-inventory'
import type { Offer } from '#domain/offer'
import { create, destroy, list, observe, place, reach } from './containers.ts'
import { classify, unusable } from './errors.ts'
import { sshTrouble } from './user-ssh.ts'

/** What is wrong is said to whoever has asked, with what to do about it. */
const clearly = async <T>(io: CloudIo, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const cause = (await sshTrouble(io, error)) ?? error
    throw unusable(cause, io.credentials['address'] ?? '') ?? error
  }
}

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
  verify: (io) =>
    clearly(io, async () => {
      const { docker } = await openEngine(io)
      await docker.ping()
    }),
  inventory: (io) => clearly(io, () => offers(io)),
  plan: planContainer,
  create,
  observe,
  list,
  destroy,
  destroySideObject: async () => 'gone',
  logs: (io, { id }, request) => containerLogs(io, id, request),
  reach,
  classify,
}
