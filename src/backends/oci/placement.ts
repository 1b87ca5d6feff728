/** Where in a region a machine can be, and which image it starts from. */
import type { Offer } from '#domain/offer'
import { allOf, type OciDoor, readOne, rowsOf } from './api.ts'
import { RuledFailure } from './errors.ts'
import { shapeOf } from './launch-bodies.ts'
import { domainsAnswer, imagesAnswer, shapesAnswer } from './schema.ts'

const domainsOf = async (door: OciDoor, region: string): Promise<readonly string[]> => {
  const answer = await door.ask({
    method: 'GET',
    host: 'identity',
    region,
    path: '/availabilityDomains',
    query: { compartmentId: door.tenancy },
  })
  return readOne(domainsAnswer, answer, 'availability domains').map(({ name }) => name)
}

const hasShape = async (
  door: OciDoor,
  region: string,
  domain: string,
  shape: string,
): Promise<boolean> => {
  const query = { compartmentId: door.compartment, availabilityDomain: domain, limit: '500' }
  for await (const one of rowsOf(door, { region, path: '/shapes', query }, shapesAnswer)) {
    if (one.shape === shape) return true
  }
  return false
}

/** The availability domains of the region that have the shape, at least one. */
export const domainsWith = async (door: OciDoor, { region, instanceType }: Offer) => {
  const shape = shapeOf(instanceType.name)
  const found: string[] = []
  for (const domain of await domainsOf(door, region ?? '')) {
    if (await hasShape(door, region ?? '', domain, shape)) found.push(domain)
  }
  if (found.length > 0) return found
  throw new RuledFailure(`${shape} is in no availability domain of ${region ?? ''}`, [
    'forbidden',
    'type-region',
  ])
}

const ubuntu = { system: 'Canonical Ubuntu', version: '24.04' }

/**
 * Ubuntu of the platform; for accelerators an image of the user's that brings the driver, since the
 * platform has none with a container engine for them: tagged `dso-image` with the vendor's name.
 */
export const imageFor = async (door: OciDoor, { region, instanceType }: Offer): Promise<string> => {
  const { gpu, name } = instanceType
  const query = {
    compartmentId: door.compartment,
    lifecycleState: 'AVAILABLE',
    shape: shapeOf(name),
    sortBy: 'TIMECREATED',
    sortOrder: 'DESC',
    ...(gpu === null ? { operatingSystemVersion: ubuntu.version } : {}),
  }
  const images = await allOf(
    rowsOf(door, { region: region ?? '', path: '/images', query }, imagesAnswer),
  )
  const image = images.find(({ compartmentId, operatingSystem, freeformTags }) =>
    gpu === null
      ? compartmentId === null && operatingSystem === ubuntu.system
      : freeformTags?.['dso-image'] === gpu.vendor,
  )
  if (image !== undefined) return image.id
  const wanted = gpu === null ? 'Ubuntu 24.04' : `an image of yours tagged dso-image=${gpu.vendor}`
  throw new RuledFailure(`${region ?? ''} has no ${wanted} for ${shapeOf(name)}`, [
    'forbidden',
    'type-region',
  ])
}
