import {
  closed,
  closedWith,
  count,
  documentOf,
  listOf,
  oneOf,
  orNull,
  sha256,
  text,
  time,
  type Schema,
} from './building-blocks.ts'
import { certificate } from './certificate.ts'
import { budget, cost, total } from './cost.ts'
import { live } from './live.ts'
import { offerKeys } from './offer.ts'
import { overlay, steps } from './overlay.ts'
import { requirements } from './requirements.ts'
import { subject } from './subject.ts'
import { why } from './why.ts'

/** What `-o json` and `-o yaml` print. */
export const offersSchema: Schema = documentOf(
  'offers',
  'Offers',
  {
    configuration: orNull(closed(subject, 'The file that asked; null for flags alone.')),
    requirements,
    catalog: closed({
      digest: sha256,
      backends: count(),
      offers: count(),
      oldest: orNull(closed({ backend: text(), observed_at: time })),
    }),
    counts: closed({
      matched: count(0, 'Offers that match, shown or not.'),
      shown: count(),
      hidden: count(),
    }),
    overlay,
    rank_by: oneOf('price', 'total', 'gpu-hour', 'vram', 'expected'),
    budget,
    cost,
    why,
    offers: listOf(closedWith(offerKeys, { overlay: steps, total })),
    certificate,
  },
  { live },
)
