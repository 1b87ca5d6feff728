import type { Importer } from '#backends/kit/importer'

/** What new data of a backend may be like. */
export interface Bounds {
  /** Share of the offers held that may be gone. */
  readonly lost: number
  /** Share of the offers in both that may have another price. */
  readonly moved: number
  /** Share by which offers may be fewer than those that come with the program, where none are held. */
  readonly firstLost: number
  /** Factor by which the median of price changes may lie off 1, either way. */
  readonly shifted: number
  /** The same, against the prices that come with the program, where none are held. */
  readonly firstShifted: number
  /** Factor by which any one price may change, either way. */
  readonly jumped: number
  /** Dollars per accelerator and hour. */
  readonly usdPerGpuHour: readonly [least: number, most: number]
  /** MiB per vCPU. */
  readonly mibPerCpu: readonly [least: number, most: number]
  /** Share of offers that may break one of the three above before the whole is not believed. */
  readonly implausible: number
  /** Share of the rows that may give no offer because their shape is not known. */
  readonly unreadable: number
}

/** A price list changes little from one day to the next. */
export const listBounds: Bounds = {
  lost: 0.2,
  // Sources differ in what they list; a part of a list is a far smaller one.
  firstLost: 0.75,
  moved: 0.5,
  shifted: 1.5,
  firstShifted: 4,
  // Spot falls to a tenth of on-demand; a wrong unit is a factor of 60, 100 or 730.
  jumped: 20,
  // A GB200 costs 54 where Azure is dearest.
  usdPerGpuHour: [0.005, 80],
  mibPerCpu: [200, 160 * 1024],
  implausible: 0,
  unreadable: 0.1,
}

/** A rate of exchange moves every price every day, by little. */
export const convertedBounds: Bounds = { ...listBounds, moved: 1 }

/** Hosts of a market come and go, and so do their prices. */
export const marketBounds: Bounds = {
  ...listBounds,
  lost: 0.8,
  moved: 1,
  shifted: 2,
  implausible: 0.02,
}

/** Of one's own machines everything may change, and nothing may be asked for them. */
export const hostBounds: Bounds = {
  lost: 1,
  firstLost: 1,
  moved: 1,
  shifted: Infinity,
  firstShifted: Infinity,
  jumped: Infinity,
  usdPerGpuHour: [0, Infinity],
  // What a node has left is any part of it.
  mibPerCpu: [0, Infinity],
  implausible: 0,
  unreadable: listBounds.unreadable,
}

/** Bounds of single backends, where they differ from those of their kind. */
export type BoundsByBackend = Readonly<Record<string, Partial<Bounds>>>

const boundsOfKind = ({ kind, currencies }: Importer['traits']): Bounds => {
  if (kind === 'market') return marketBounds
  if (kind === 'hosts') return hostBounds
  return currencies === undefined ? listBounds : convertedBounds
}

export const boundsFor = (
  backend: string,
  { traits }: Pick<Importer, 'traits'>,
  set: BoundsByBackend,
): Bounds => ({ ...boundsOfKind(traits), ...set[backend] })
