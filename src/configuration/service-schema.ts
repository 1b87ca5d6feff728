import * as z from 'zod/mini'
import type { Scaling, ServiceConfiguration } from '#domain/configuration'
import { exactly, type Range } from '#domain/range'
import { parseBoolean } from './boolean.ts'
import { commandsOrImage, commonShape, imageOrPython, toCommon } from './common-schema.ts'
import { parseDuration } from './duration.ts'
import { leaf, listOf, mapping, orElse, orNull, report, rule, text, wordOf } from './fields.ts'
import { model } from './model-schema.ts'
import { portOf } from './port-schema.ts'
import { parsePort } from './port.ts'
import { countRange } from './resources-schema.ts'
import { decimalNumber, numberOf, refusal, show } from './scalar.ts'

const parseTarget = (value: unknown): number => {
  const target = typeof value === 'string' ? decimalNumber(value) : numberOf(value)
  if (target === null || !Number.isFinite(target)) throw refusal(`${show(value)} is no number`)
  if (target <= 0) throw refusal(`target ${show(value)} is not above 0`)
  return target
}

const scaling = () =>
  z.pipe(
    mapping({
      metric: leaf(wordOf(['rps'])),
      target: leaf(parseTarget),
      scale_up_delay: orElse(() => leaf(parseDuration), 300),
      scale_down_delay: orElse(() => leaf(parseDuration), 600),
    }),
    z.transform((said): Scaling => ({
      metric: said.metric,
      target: said.target,
      scaleUpDelaySeconds: said.scale_up_delay,
      scaleDownDelaySeconds: said.scale_down_delay,
    })),
  )

/** Both ends of the number of replicas must be given. */
const replicas = () =>
  countRange().check(
    rule<Range>(['min', 'max'], ({ min, max }, payload) => {
      if (min === null)
        report(payload, 'the minimum number of replicas is required', { hint: 'write 0..' })
      if (max === null) report(payload, 'the maximum number of replicas is required')
    }),
  )

const scalingWithRange = rule<{ replicas: Range; scaling: Scaling | null }>(
  ['replicas', 'scaling'],
  ({ replicas, scaling }, payload) => {
    const ranged = replicas.min !== replicas.max
    if (ranged && scaling === null)
      report(payload, 'a range of replicas needs scaling', { path: ['replicas'] })
    if (!ranged && scaling !== null)
      report(payload, 'scaling needs replicas to be a range', {
        path: ['scaling'],
        hint: 'write replicas: 1..4',
      })
  },
)

const shape = () => ({
  type: z.literal('service'),
  ...commonShape(),
  commands: orElse(() => listOf(text()), []),
  port: portOf(parsePort),
  model: orNull(model),
  auth: orElse(() => leaf(parseBoolean), true),
  replicas: orElse(replicas, exactly(1)),
  scaling: orNull(scaling),
})

export const service = (): z.ZodMiniType<ServiceConfiguration> =>
  z.pipe(
    mapping(shape()).check(commandsOrImage, imageOrPython, scalingWithRange),
    z.transform((said): ServiceConfiguration => ({
      ...toCommon(said),
      type: 'service',
      commands: said.commands,
      port: said.port,
      model: said.model,
      auth: said.auth,
      replicas: { min: said.replicas.min ?? 0, max: said.replicas.max ?? 0 },
      scaling: said.scaling,
    })),
  )
