/** Filters and their changes in words, under the keys of a configuration. */
import type { Change, Filter, FilterName } from '#api/why'
import { isUpperBound } from '#api/why'
import { printMemory } from '#domain/memory'
import { printUsd } from '#domain/price'
import { visible } from '#cli/text-width'

const keys: Readonly<Record<FilterName, string>> = {
  'gpu-names': 'gpu name',
  'gpu-vendors': 'gpu maker',
  'gpu-count-min': 'gpu count',
  'gpu-count-max': 'gpu count',
  'gpu-memory-min': 'gpu memory',
  'gpu-memory-max': 'gpu memory',
  'gpu-total-memory-min': 'gpu total_memory',
  'gpu-total-memory-max': 'gpu total_memory',
  'gpu-capability': 'gpu compute_capability',
  backends: 'backends',
  regions: 'regions',
  'instance-types': 'instance_types',
  spot: 'spot_policy',
  'cpu-min': 'cpu',
  'cpu-max': 'cpu',
  'memory-min': 'memory',
  'memory-max': 'memory',
  'disk-min': 'disk',
  'disk-max': 'disk',
  'max-price': 'max_price',
}

/** `gpu memory 80GB..`, `max_price 0.8`, `regions us-east-1, eu-west-1`. */
export const describeFilter = (filter: Filter): string =>
  `${keys[filter.name]} ${describeAsked(filter)}`

/** `max_price 0.8 → 1.57`, `any regions`, `memory 64GB.. → 48GB..`. */
export const describeChange = ({ filter, to }: Change): string => {
  const key = keys[filter.name]
  if (filter.kind === 'spot') return `${key} ${describeAsked(filter)} → auto`
  if (filter.kind === 'set') return `any ${key}`
  return `${key} ${describeAsked(filter)} → ${to === null ? 'any' : describeBound(filter.name, to)}`
}

/** `any regions + max_price 0.8 → 1.57`. */
export const describeChanges = (changes: readonly Change[]): string =>
  changes.map(describeChange).join(' + ')

/** The names shown of a long list. */
const namesShown = 3

const describeAsked = (filter: Filter): string => {
  if (filter.kind === 'spot') return filter.asked ? 'spot' : 'on-demand'
  if (filter.kind === 'bound') return describeBound(filter.name, filter.asked)
  const { asked } = filter
  if (asked.length === 0) return '(an empty list)'
  const rest = asked.length - namesShown
  const shown = asked.slice(0, rest === 1 ? asked.length : namesShown).map(visible)
  return shown.join(', ') + (rest > 1 ? ` and ${rest} more` : '')
}

const describeBound = (name: Extract<Filter, { kind: 'bound' }>['name'], value: number): string => {
  if (name === 'max-price') return printUsd(value)
  if (name === 'gpu-capability') return `${Math.floor(value / 1000)}.${value % 1000}..`
  const isSize = name.includes('memory') || name.includes('disk')
  const text = isSize ? printMemory(value) : String(value)
  return isUpperBound(name) ? `..${text}` : `${text}..`
}
