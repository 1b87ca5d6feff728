import * as z from 'zod/mini'
import type { DevEnvironmentConfiguration } from '#domain/configuration'
import { commonShape, imageOrPython, toCommon } from './common-schema.ts'
import { leaf, listOf, mapping, orElse, orNull, text, wordOf } from './fields.ts'
import { forwardedPorts } from './task-schema.ts'

const shape = () => ({
  type: z.literal('dev-environment'),
  ...commonShape(),
  ports: forwardedPorts(),
  ide: leaf(wordOf(['vscode'])),
  version: orNull(text),
  init: orElse(() => listOf(text()), []),
})

export const devEnvironment = (): z.ZodMiniType<DevEnvironmentConfiguration> =>
  z.pipe(
    mapping(shape()).check(imageOrPython),
    z.transform((said): DevEnvironmentConfiguration => ({
      ...toCommon(said),
      type: 'dev-environment',
      ports: said.ports,
      ide: said.ide,
      version: said.version,
      init: said.init,
    })),
  )
