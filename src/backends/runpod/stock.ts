import type { Stock } from '#domain/offer'

/** Null is none; a word not known yet is no promise. */
export const stockOf = (status: string | null): Stock => {
  switch (status?.toLowerCase()) {
    case undefined:
    case 'none':
      return 'none'
    case 'low':
      return 'low'
    case 'medium':
      return 'medium'
    case 'high':
      return 'high'
    default:
      return 'unknown'
  }
}
