/** Tags of ours as labels: lower-case letters, digits, dashes and underscores, at most 63. */
import type { OwnerTags } from '#domain/launch'

type Labels = Readonly<Record<string, string>>

/** `2026-11-24T14:00:00Z` as `2026-11-24t14-00-00z`. */
const labelOfInstant = (instant: string): string => instant.toLowerCase().replaceAll(':', '-')

const instantOfLabel = (label: string): string | null => {
  const match = /^(\d{4}-\d\d-\d\d)t(\d\d)-(\d\d)-(\d\d)z$/.exec(label)
  return match === null ? null : `${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`
}

export const labelsOfTags = ({ owner, run, attempt, expiresAt }: OwnerTags): Labels => ({
  'dso-owner': owner,
  'dso-run': run,
  'dso-attempt': attempt,
  'dso-expires': labelOfInstant(expiresAt),
})

/** Null where one is missing: then it is none of ours. */
export const tagsOfLabels = (labels: Labels | null): OwnerTags | null => {
  const [owner, run, attempt] = ['owner', 'run', 'attempt'].map((key) => labels?.[`dso-${key}`])
  const expiresAt = instantOfLabel(labels?.['dso-expires'] ?? '')
  return owner && run !== undefined && attempt && expiresAt
    ? { owner, run, attempt, expiresAt }
    : null
}
