import * as z from 'zod/mini'
import { parseBoolean } from '#configuration/boolean'
import { leaf, mapping, orElse, orNull } from '#configuration/fields'
import { parseMemory } from '#configuration/memory'
import { decimalNumber, numberOf, refusal, show } from '#configuration/scalar'
import { accelerators } from './accelerator-schema.ts'
import { parseDay, parseHourlyPrice, parseName } from './action-fields.ts'
import type { PrivateOffer } from './overlay.ts'
import { backendName } from './selector-schema.ts'

const mostCpus = 1_000_000

/** vCPUs are kept to a thousandth. */
const parseCpus = (value: unknown): number => {
  const cpus = typeof value === 'string' ? decimalNumber(value) : numberOf(value)
  if (cpus === null || !Number.isFinite(cpus)) {
    throw refusal(`${show(value)} is no number of CPUs`, 'an offer has one number, such as 8')
  }
  const rounded = Math.round(cpus * 1000) / 1000
  if (rounded <= 0) throw refusal(`${show(value)} CPUs are none`)
  if (rounded > mostCpus) throw refusal(`${show(value)} CPUs are more than a machine has`)
  return rounded
}

const parseMib = (value: unknown): number => {
  const mib = Math.round(parseMemory(value))
  if (mib > 0) return mib
  throw refusal(`size ${show(value)} is nothing`)
}

/** An own instance type as far as its entry says it. */
export const privateOffer = (): z.ZodMiniType<Omit<PrivateOffer, 'file' | 'index'>> =>
  z.pipe(
    mapping({
      backend: backendName(),
      region: orNull(() => leaf(parseName)),
      instance_type: leaf(parseName),
      cpu: leaf(parseCpus),
      memory: leaf(parseMib),
      gpu: orNull(accelerators),
      disk: orNull(() => leaf(parseMib)),
      spot: orElse(() => leaf(parseBoolean), false),
      price: leaf(parseHourlyPrice),
      as_of: orNull(() => leaf(parseDay)),
      expires: orNull(() => leaf(parseDay)),
    }),
    z.transform((said) => ({
      backend: said.backend,
      region: said.region,
      instanceType: {
        name: said.instance_type,
        cpus: said.cpu,
        memoryMib: said.memory,
        gpu: said.gpu?.gpu ?? null,
        gpuCount: said.gpu?.gpuCount ?? 0,
        diskMib: said.disk,
        architecture: null,
      },
      spot: said.spot,
      priceNanoUsd: said.price,
      asOf: said.as_of,
      expires: said.expires,
    })),
  )
