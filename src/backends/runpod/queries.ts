/** The GraphQL texts. Values are written into them: only ids of a known form are let in. */

/** Where a pod can run: a data center of the secure cloud, or a country of the community cloud. */
export interface Place {
  readonly alias: string
  readonly region: string
  readonly secure: boolean
}

const safe = /^[A-Za-z0-9-]{1,32}$/

export const placesOf = (
  dataCenters: readonly string[],
  countries: readonly string[],
): readonly Place[] =>
  [
    ...dataCenters.map((region) => ({ region, secure: true })),
    ...countries.map((region) => ({ region, secure: false })),
  ]
    .filter(({ region }) => safe.test(region))
    .map(({ region, secure }) => ({
      alias: `${secure ? 'dc' : 'cc'}_${region.replaceAll('-', '_')}`,
      region,
      secure,
    }))

export const overviewQuery = `query {
  gpuTypes { id displayName manufacturer memoryInGb maxGpuCount maxGpuCountCommunityCloud maxGpuCountSecureCloud }
  dataCenters { id listed }
  countryCodes
  cpuFlavors { id minVcpu maxVcpu ramMultiplier diskLimitPerVcpu }
}`

const priceFields = '{ minimumBidPrice uninterruptablePrice minVcpu minMemory stockStatus }'

export const pricesQuery = (gpuCount: number, places: readonly Place[]): string => {
  const fields = places.map(({ alias, region, secure }) => {
    const place = secure ? `dataCenterId: "${region}"` : `countryCode: "${region}"`
    const input = `{ gpuCount: ${gpuCount}, secureCloud: ${secure}, ${place} }`
    return `${alias}: lowestPrice(input: ${input}) ${priceFields}`
  })
  return `query { gpuTypes { id ${fields.join('\n')} } }`
}

export const cpuPricesQuery = (places: readonly Place[]): string => {
  const fields = places.map(
    ({ alias, region }) =>
      `${alias}: specifics(input: { dataCenterId: "${region}" }) { stockStatus securePrice }`,
  )
  return `query { cpuFlavors { id ${fields.join('\n')} } }`
}
