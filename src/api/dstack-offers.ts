/**
 * The package's public API.
 *
 * ```ts
 * import { openCatalog, readConfiguration, resolve } from 'dstack-offers'
 *
 * const configuration = readConfiguration(text, { file: 'serve.dstack.yml' })
 * const { requirements } = resolve({ configuration })
 * const catalog = openCatalog()
 * const { offers, matched } = catalog.search(requirements, { limit: 5 })
 * catalog.close()
 * ```
 *
 * Everything is synchronous and works offline. Whatever these functions expect to go wrong is a
 * `KnownError` with a `code`; anything else thrown is a bug.
 */
export { parseDuration } from '#configuration/duration'
export { readConfiguration } from '#configuration/read'
export { readProfiles } from '#configuration/profiles'
export { resolve, type EffectiveKeys, type Resolution, type Said } from '#configuration/resolve'
export { parseResources } from '#configuration/shorthand'
export type { Configuration, ServiceConfiguration } from '#domain/configuration'
export {
  ConfigurationError,
  KnownError,
  type ErrorCode,
  type Position,
  type Problem,
  type Recovery,
} from '#domain/errors'
export type { ComputeCapability, Gpu, GpuVendor } from '#domain/gpu'
export type { InstanceType, Observation, Offer, Stock } from '#domain/offer'
export { parseUsd, printUsd } from '#domain/price'
export type { Profile, ProfileKeys } from '#domain/profile'
export type { Range } from '#domain/range'
export type { GpuRequirement, Requirements } from '#domain/requirements'
export type { GpuDemand, Resources } from '#domain/resources'
export { openCatalog, type Catalog, type OpenOptions } from '#offers/catalog'
export type { SearchResult } from '#offers/result'
export type { BackendListing, CatalogListing, CatalogSummary } from '#catalog/listing'
