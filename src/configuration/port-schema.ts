import * as z from 'zod/mini'
import type { PortMapping } from '#domain/configuration'
import { leaf, mapping, orNull } from './fields.ts'
import { parsePortNumber } from './port.ts'
import { isMapping } from './scalar.ts'

/** A port: what `parse` reads, or a mapping of both sides. */
export const portOf = (parse: (value: unknown) => PortMapping): z.ZodMiniType<PortMapping> =>
  z.pipe(
    mapping(
      { local_port: orNull(() => leaf(parsePortNumber)), container_port: leaf(parsePortNumber) },
      (value) => {
        if (isMapping(value)) return value
        const { localPort, containerPort } = parse(value)
        return { local_port: localPort, container_port: containerPort }
      },
    ),
    z.transform((said) => ({ localPort: said.local_port, containerPort: said.container_port })),
  )
