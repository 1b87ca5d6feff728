/** Tags of ours as texts, for clouds whose tags are names alone, and what follows from them. */
import { MachineForeignError } from '#domain/errors'
import { isMachineNameOf, type OwnerTags } from '#domain/launch'

const keys = ['dso-owner', 'dso-run', 'dso-attempt', 'dso-expires'] as const

export const ownerTag = (owner: string): string => `dso-owner:${owner}`

/** `dso-owner:…`, `dso-run:…`, `dso-attempt:…`, `dso-expires:…`. */
export const tagTexts = ({ owner, run, attempt, expiresAt }: OwnerTags): readonly string[] => [
  ownerTag(owner),
  `dso-run:${run}`,
  `dso-attempt:${attempt}`,
  `dso-expires:${expiresAt}`,
]

/** Null where one is missing: then it is none of ours. */
export const tagsOfTexts = (texts: readonly string[]): OwnerTags | null => {
  const [owner, run, attempt, expiresAt] = keys.map((key) =>
    texts.find((text) => text.startsWith(`${key}:`))?.slice(key.length + 1),
  )
  return owner && run !== undefined && attempt && expiresAt
    ? { owner, run, attempt, expiresAt }
    : null
}

/** `dso-` and an owner: whose it is, shows in the list of that owner. */
const anyMachineName = /^dso-[a-z0-9]{8}-[a-z0-9]{12}$/

/** Throws MachineForeignError for a machine that has neither tags nor a name that we give. */
export const refuseForeign = (
  backend: string,
  id: string,
  { name, tags }: { readonly name: string | null; readonly tags: OwnerTags | null },
): void => {
  if (tags !== null || anyMachineName.test(name ?? '')) return
  throw new MachineForeignError(`the machine "${id}" at ${backend} is none of ours`, {
    hint: 'it carries no tag of dstack-offers: look after it where it was made',
  })
}

/** Whether a list of an owner's machines holds it. */
export const isOfOwner = (
  { name, tags }: { readonly name: string | null; readonly tags: OwnerTags | null },
  owner: string,
): boolean => (tags === null ? isMachineNameOf(name ?? '', owner) : tags.owner === owner)
