/** How our objects are told in a cluster. Colons are no part of a label: what has some is an annotation. */
import { machineName, type OwnerTags } from '#domain/launch'

interface Metadata {
  readonly labels: Readonly<Record<string, string>> | null
  readonly annotations: Readonly<Record<string, string>> | null
}

const ownerLabel = 'dso-owner'
const attemptLabel = 'dso-attempt'

export const ownedBy = (owner: string): string => `${ownerLabel}=${owner}`

export const ofAttempt = ({ owner, attempt }: OwnerTags): string =>
  `${ownedBy(owner)},${attemptLabel}=${attempt}`

export const metadataOf = (tags: OwnerTags) => ({
  name: machineName(tags),
  labels: { [ownerLabel]: tags.owner, [attemptLabel]: tags.attempt },
  annotations: annotationsOf(tags),
})

export const annotationsOf = ({ run, expiresAt }: OwnerTags) => ({
  'dso-run': run,
  'dso-expires': expiresAt,
})

/** Null for what is none of ours. */
export const tagsOf = ({ labels, annotations }: Metadata): OwnerTags | null => {
  const owner = labels?.[ownerLabel]
  const attempt = labels?.[attemptLabel]
  const run = annotations?.['dso-run']
  const expiresAt = annotations?.['dso-expires']
  return owner && attempt && run && expiresAt ? { owner, attempt, run, expiresAt } : null
}
