import * as z from 'zod/mini'
import type { TaskConfiguration } from '#domain/configuration'
import { commandsOrImage, commonShape, imageOrPython, toCommon } from './common-schema.ts'
import { parseCount } from './count.ts'
import { leaf, listOf, mapping, orElse, text } from './fields.ts'
import { portOf } from './port-schema.ts'
import { parseForwardedPort } from './port.ts'
import { refusal } from './scalar.ts'

const parseNodes = (value: unknown): number => {
  const nodes = parseCount(value)
  if (nodes < 1) throw refusal('a task needs at least one node')
  return nodes
}

export const forwardedPorts = () => orElse(() => listOf(portOf(parseForwardedPort)), [])

const shape = () => ({
  type: z.literal('task'),
  ...commonShape(),
  commands: orElse(() => listOf(text()), []),
  ports: forwardedPorts(),
  nodes: orElse(() => leaf(parseNodes), 1),
})

export const task = (): z.ZodMiniType<TaskConfiguration> =>
  z.pipe(
    mapping(shape()).check(commandsOrImage, imageOrPython),
    z.transform((said): TaskConfiguration => ({
      ...toCommon(said),
      type: 'task',
      commands: said.commands,
      ports: said.ports,
      nodes: said.nodes,
    })),
  )
