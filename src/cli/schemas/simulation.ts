import {
  closed,
  count,
  decimal,
  documentOf,
  listOf,
  orNull,
  price,
  text,
  type Schema,
} from './building-blocks.ts'

const seconds: Schema = { type: 'number', minimum: 0 }

const scaling = closed({
  target: { type: 'number', exclusiveMinimum: 0, description: 'Requests a second of a replica.' },
  scale_up_delay_seconds: seconds,
  scale_down_delay_seconds: seconds,
})

const result = closed({
  cost: closed({ amount: orNull(decimal), currency: { const: 'USD' } }, 'Null: no price is known.'),
  replica_seconds: seconds,
  wait_seconds: orNull(
    closed({ p50: seconds, p95: seconds, max: seconds }, 'Null: no request was answered.'),
  ),
  requests: count(),
  dropped: count(),
  cold_starts: count(0, 'Times that the run was started from zero replicas.'),
})

const suggestions = listOf(closed({ scaling, result }))

/** What `dstack-offers simulate -o json` prints. */
export const simulationSchema: Schema = documentOf('simulation', 'Simulation of scaling', {
  configuration: text('The file of the service.'),
  trace: closed({ file: text(), requests: count(), seconds }),
  assumptions: closed({
    replicas: closed({ min: count(), max: count() }),
    scaling: orNull(scaling),
    service_seconds: seconds,
    startup_seconds: seconds,
    concurrency: count(1),
    max_held: count(),
    hold_seconds: seconds,
    decide_every_seconds: seconds,
    price,
    offer: orNull(text('The id of the offer that the price is of.')),
  }),
  result,
  steps: listOf(
    closed({
      at_seconds: { ...seconds, description: 'Since the start of the trace.' },
      replicas: count(),
      ready: count(),
    }),
  ),
  suggestions: closed({ tried: count(), better: suggestions, dearer: suggestions }),
})
