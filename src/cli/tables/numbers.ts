import { mibPerGb } from '#domain/memory'

/** `48,112`. */
export const printCount = (count: number): string =>
  String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',')

/** `1 offer`, `48,112 offers`. */
export const printCounted = (count: number, noun: string): string =>
  `${printCount(count)} ${noun}${count === 1 ? '' : 's'}`

/** A size at a glance: `16GB`, `3.75GB`, `0.5GB`. Rounded to hundredths; other formats are exact. */
export const printSize = (mib: number): string => `${Math.round((mib / mibPerGb) * 100) / 100}GB`
