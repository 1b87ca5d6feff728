/** Which objects a list is asked for: by labels, or by fields. */
import { fieldsOf, type Kept } from './objects.ts'

const parts = (selector: string | null): readonly string[] =>
  (selector ?? '').split(',').filter((one) => one !== '')

const hasLabel = ({ metadata: { labels } }: Kept, one: string): boolean => {
  const [key = '', value] = one.split(/==?/)
  const told = labels?.[key]
  return value === undefined ? told !== undefined : told === value
}

const hasField = (object: Kept, one: string): boolean => {
  const [path = '', value] = one.split(/==?/)
  let at: unknown = object
  for (const key of path.split('.')) at = fieldsOf(at)[key]
  return (at ?? '') === value
}

export const isSelected = (object: Kept, query: URLSearchParams): boolean =>
  parts(query.get('labelSelector')).every((one) => hasLabel(object, one)) &&
  parts(query.get('fieldSelector')).every((one) => hasField(object, one))
