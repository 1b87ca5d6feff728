/** A size name without what the spellings differ in: prefix, blanks, `_`, case, one short form. */
export const sizeKey = (name: string): string =>
  name
    .replace(/^standard_/i, '')
    .replace(/[\s_]/g, '')
    .toLowerCase()
    .replace('rtxpro6000bse', 'rtx6k')

/** Meters named after no size: a letter short, or by a series' marketing name. */
const misspelt: ReadonlyMap<string, string> = new Map([
  ['d24dsv3', 'dc24dsv3'],
  ['m4168v2', 'm416s8v2'],
  ['nd96asra100v4', 'nd96asrv4'],
  ['ng8adsv620', 'ng8adsv620v1'],
  ['ng16adsv620', 'ng16adsv620v1'],
  ['ng32adsv620', 'ng32adsv620v1'],
])

/**
 * The key of the size a meter prices. Meters of promotional sizes (`Standard_D2_v2_Promo`) carry the
 * ordinary name; only the product says it.
 */
export const meterKey = (skuName: string, productName: string): string => {
  const key = sizeKey(skuName.replace(/ Spot$/, ''))
  const promo = /\bpromo\b/i.test(productName) ? 'promo' : ''
  return (misspelt.get(key) ?? key) + promo
}
