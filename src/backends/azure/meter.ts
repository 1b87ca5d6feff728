/** What a row of the price list is a price of. */
import type { Item } from './schema.ts'

/**
 * Why a row is no Linux machine by the hour; null for one. Windows stands in the product's name alone,
 * in several spellings; Cloud Services are priced as Windows without saying so.
 */
export const problemOf = (item: Item): string | null => {
  const { productName, skuName, meterName, armSkuName } = item
  if (item.type !== 'Consumption') return 'no pay-as-you-go price'
  if (item.currencyCode !== 'USD') return 'not in dollars'
  if (item.unitOfMeasure !== '1 Hour') return 'not priced by the hour'
  if (/\bWin(dows)?\b/.test(productName)) return 'Windows price'
  if (/\bCloud ?Services\b/.test(productName)) return 'Cloud Services, Windows price'
  if (/\bDedicated ?Host\b/.test(productName)) return 'dedicated host'
  if (/\bLow Priority\b/.test(`${skuName} ${meterName}`)) return 'Low Priority'
  return armSkuName.startsWith('Standard_') ? null : 'no size of a standard machine'
}

export const isSpot = ({ skuName, meterName }: Item): boolean =>
  skuName.endsWith(' Spot') || meterName.endsWith(' Spot')

/** Some names are written with blanks. */
export const sizeOf = ({ armSkuName }: Item): string => armSkuName.trim().replaceAll(' ', '_')

/** `West US 3` and `WestUS3` are `westus3`. */
export const regionOf = ({ armRegionName }: Item): string =>
  armRegionName.toLowerCase().replaceAll(' ', '')
