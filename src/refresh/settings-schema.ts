import * as z from 'zod/mini'
import { endpointVariable } from '#backends/kit/endpoint'
import { check, type Checked } from '#configuration/check'
import { leaf, mapping, orElse, orNull, report } from '#configuration/fields'
import { decimalNumber, didYouMean, isMapping, refusal, show, textOf } from '#configuration/scalar'
import { canonicalBackend } from '#domain/backend'
import type { Bounds } from './bounds.ts'
import { ecb } from './euro-rates.ts'
import type { RefreshSettings } from './settings.ts'

const numberIn = (value: unknown): number | null => decimalNumber(textOf(value) ?? '')

/** `20%` or 0.2. */
const parseShare = (value: unknown): number => {
  const [, percent] = /^([\d.]+) *%$/.exec(textOf(value)?.trim() ?? '') ?? []
  const share = percent === undefined ? numberIn(value) : (decimalNumber(percent) ?? NaN) / 100
  if (share !== null && share >= 0 && share <= 1) return share
  throw refusal(`${show(value)} is no share`, 'write it as 20% or 0.2')
}

const parseFactor = (value: unknown): number => {
  const factor = numberIn(value)
  if (factor !== null && factor >= 1) return factor
  throw refusal(`${show(value)} is no factor`, 'it is 1 or more: 1.5 admits half as much again')
}

const parseSpan = (value: unknown): readonly [number, number] => {
  const [, from = '', to = ''] = /^([\d.]+)\.\.([\d.]+)$/.exec(textOf(value)?.trim() ?? '') ?? []
  const [least, most] = [decimalNumber(from), decimalNumber(to)]
  if (least !== null && most !== null && least <= most) return [least, most]
  throw refusal(`${show(value)} is no range`, 'write the least and the most, such as 0.01..40')
}

/** A value that is refused is not repeated: an address may hold a password. */
const parseAddress = (value: unknown): string => {
  const address = textOf(value)?.trim() ?? ''
  const sample = address.replaceAll('{region}', 'region')
  const url = URL.canParse(sample) ? new URL(sample) : null
  if (url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.search) return address
  throw refusal(
    'it is no http or https address without user and query',
    'write it as https://host/path',
  )
}

const boundsSchema = () =>
  z.pipe(
    mapping({
      lost: orNull(() => leaf(parseShare)),
      first_lost: orNull(() => leaf(parseShare)),
      moved: orNull(() => leaf(parseShare)),
      implausible: orNull(() => leaf(parseShare)),
      unreadable: orNull(() => leaf(parseShare)),
      shifted: orNull(() => leaf(parseFactor)),
      first_shifted: orNull(() => leaf(parseFactor)),
      jumped: orNull(() => leaf(parseFactor)),
      usd_per_gpu_hour: orNull(() => leaf(parseSpan)),
      mib_per_cpu: orNull(() => leaf(parseSpan)),
    }),
    z.transform((said): Partial<Bounds> => ({
      ...(said.lost === null ? {} : { lost: said.lost }),
      ...(said.first_lost === null ? {} : { firstLost: said.first_lost }),
      ...(said.moved === null ? {} : { moved: said.moved }),
      ...(said.implausible === null ? {} : { implausible: said.implausible }),
      ...(said.unreadable === null ? {} : { unreadable: said.unreadable }),
      ...(said.shifted === null ? {} : { shifted: said.shifted }),
      ...(said.first_shifted === null ? {} : { firstShifted: said.first_shifted }),
      ...(said.jumped === null ? {} : { jumped: said.jumped }),
      ...(said.usd_per_gpu_hour === null ? {} : { usdPerGpuHour: said.usd_per_gpu_hour }),
      ...(said.mib_per_cpu === null ? {} : { mibPerCpu: said.mib_per_cpu }),
    })),
  )

const asMapping = (value: unknown): Readonly<Record<string, unknown>> => {
  if (isMapping(value)) return value
  throw refusal(`${show(value)} is no mapping`)
}

const byName = <T>(schema: z.ZodMiniType<T>) =>
  z.pipe(leaf(asMapping), z.record(z.string(), schema))

const oneBackend = () =>
  mapping({
    endpoint: orNull(() => leaf(parseAddress)),
    hosts: orElse(() => byName(leaf(parseAddress)), {}),
    bounds: orElse(boundsSchema, {}),
  })

const canonical = (name: string): string => canonicalBackend(name) ?? name

/** Told beside whatever else is wrong. */
const known = (names: readonly string[]) =>
  z.check<Record<string, unknown>>(
    (payload) => {
      for (const name of Object.keys(payload.value)) {
        if (name === ecb.name || names.includes(canonical(name))) continue
        report(payload, `${show(name)} is no backend whose prices can be fetched`, {
          path: [name],
          hint: didYouMean(name, names),
          fault: 'unknown-key',
        })
      }
    },
    { when: ({ value }) => isMapping(value) },
  )

const settingsSchema = (names: readonly string[]): z.ZodMiniType<RefreshSettings> =>
  z.pipe(
    mapping({ backends: orElse(() => byName(oneBackend()).check(known(names)), {}) }),
    z.transform(({ backends }) => {
      const all = Object.entries(backends)
      const endpoints = all.flatMap(([name, { endpoint, hosts }]) => [
        ...(endpoint === null ? [] : [[endpointVariable(canonical(name)), endpoint] as const]),
        ...Object.entries(hosts).map(
          ([host, address]) => [endpointVariable(canonical(name), host), address] as const,
        ),
      ])
      return {
        endpoints: Object.fromEntries(endpoints),
        bounds: Object.fromEntries(all.map(([name, { bounds }]) => [canonical(name), bounds])),
      }
    }),
  )

export const checkSettings = (value: unknown, names: readonly string[]): Checked<RefreshSettings> =>
  check(settingsSchema(names), value ?? {})
