/**
 * The catalog's schema as types, for the query compiler. Three levels, so that a search touches
 * summaries first: `cell` (variants alike in accelerator and size) -> `variant` (an instance type,
 * spot or on-demand, in stock or not) -> `offer` (a variant in a region).
 *
 * `standing` is the order of offers as one integer: the price in nano-USD, lifted above every price
 * when the offer is out of stock. So a minimum of standings is a bound for both stock and price.
 */

/** Added to the price of an offer that is out of stock. A power of two above every price. */
export const outOfStock = 2 ** 51

/** Stands for an unknown price: above every known one. Never shown. */
export const unknownPrice = 2 ** 50

/** The bits of an `id` of `variant` below those of its instance type. */
export const variantBits = { spot: 1, outOfStock: 2, perInstanceType: 4 } as const

/** Region ids are folded into this many bits of `variant.region_mask`: a safe integer's worth. */
export const regionMaskBits = 52

/** Instance types a backend may have; its ids start at `backend_id` times this. */
export const instanceTypesPerBackend = 2 ** 20

export interface Tables {
  backend: {
    /** Rank: the smaller wins between equal standings. Below 52. */
    id: number
    name: string
    /** JSON array of sentences. */
    notes: string
    digest: string
    /** Name and version of what read the offers; empty where that is not known. */
    importer: string
    offers: number
    /** When its oldest and newest price were seen, RFC 3339 UTC; empty where it has none. */
    oldest: string
    newest: string
  }
  region: { id: number; name: string }
  /** Row 0 stands for no accelerator: an empty name and no memory. */
  gpu: {
    id: number
    name: string
    vendor: string
    memory_mib: number
    /** major * 1000 + minor; null where there is none. */
    capability: number | null
  }
  instance_type: {
    /** Numbered by name within the backend, so the order of ids is the order of (backend, name). */
    id: number
    name: string
    cpu_milli: number
    memory_mib: number
    gpu_id: number
    gpu_count: number
    disk_mib: number | null
    architecture: string | null
  }
  observation: { id: number; backend_id: number; source: string; observed_at: string }
  offer: {
    variant_id: number
    /** 0 where the region is unknown. */
    region_id: number
    standing: number
    /** Index into `stockLevels`. */
    stock: number
    observation_id: number
  }
  variant: {
    id: number
    cell_id: number
    min_standing: number
    max_standing: number
    cpu_milli: number
    memory_mib: number
    gpu_count: number
    disk_mib: number | null
    backend_id: number
    region_mask: number
    offers: number
  }
  cell: {
    id: number
    spot: number
    out_of_stock: number
    gpu_id: number
    min_gpu_count: number
    max_gpu_count: number
    min_cpu_milli: number
    max_cpu_milli: number
    min_memory_mib: number
    max_memory_mib: number
    /** 1 where some variant has a disk of one's choice. */
    free_disk: number
    /** Of the disks of fixed size; null where there is none. */
    min_disk_mib: number | null
    max_disk_mib: number | null
    backend_mask: number
    min_standing: number
    max_standing: number
    offers: number
  }
  /** What a backend has of a cell in a region: a bound for searches in regions, and their counts. */
  cell_region: {
    region_id: number
    cell_id: number
    backend_id: number
    min_standing: number
    offers: number
  }
}

export const stockLevels = ['unknown', 'none', 'low', 'medium', 'high'] as const

export const encodeCapability = (major: number, minor: number): number => major * 1000 + minor
