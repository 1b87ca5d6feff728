import type { Gpu } from './gpu.ts'

/** What is known of stock at the time of observation. `none` ranks an offer after all others. */
export type Stock = 'unknown' | 'none' | 'low' | 'medium' | 'high'

export type CpuArchitecture = 'x86_64' | 'arm64'

/** A model of machine at one backend, whatever it costs and wherever it runs. */
export interface InstanceType {
  readonly name: string
  /** vCPUs as the cloud sells them; fractional for shared-core types, to a thousandth. */
  readonly cpus: number
  readonly memoryMib: number
  readonly gpu: Gpu | null
  /** Accelerators on the machine: 0 exactly when `gpu` is null. */
  readonly gpuCount: number
  /** Size of the disk that comes with it, or null for a disk of one's choice. */
  readonly diskMib: number | null
  /** Null where the source does not say. */
  readonly architecture: CpuArchitecture | null
}

/** Where a price was seen. One per source document and backend, shared by the offers read from it. */
export interface Observation {
  /** A name a person can look up: `public repository, path @ commit`, or an API's address. */
  readonly source: string
  /** RFC 3339, UTC, whole seconds. */
  readonly observedAt: string
}

/** An instance type in a region, spot or on-demand, at a price. */
export interface Offer {
  /** `backend/region/instance_type/spot|on-demand`, unique in a catalog; `?` for an unknown region. */
  readonly id: string
  readonly backend: string
  /** Null where the source does not say; matches no region filter. */
  readonly region: string | null
  readonly instanceType: InstanceType
  readonly spot: boolean
  /** Null where the price is unknown. */
  readonly priceNanoUsd: number | null
  readonly stock: Stock
  readonly observation: Observation
}

export const offerId = (
  backend: string,
  region: string | null,
  instanceType: string,
  spot: boolean,
): string => `${backend}/${region ?? '?'}/${instanceType}/${spot ? 'spot' : 'on-demand'}`
