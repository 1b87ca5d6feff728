/**
 * `Guangxi, CN` -> `cn-guangxi`; a continent at the end is dropped, and a place that is not told.
 * Null where no country is told.
 */
export const regionOf = (geolocation: string | null): string | null => {
  const parts = (geolocation ?? '').toLowerCase().split(',')
  const [place = '', country = ''] = parts.map((part) => part.replaceAll(' ', ''))
  if (!/^[a-z]{2}$/.test(country)) return null
  return place === '' ? country : `${country}-${place}`
}
