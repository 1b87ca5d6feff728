import * as z from 'zod/mini'
import type { InstanceType } from '#domain/offer'
import { check, type Checked } from '#configuration/check'
import type { Issue } from '#configuration/explain'
import { listOf, mapping, orElse } from '#configuration/fields'
import { readText } from '#configuration/read-text'
import { isMapping, show, textOf } from '#configuration/scalar'
import { adopted, keysOf } from './machine.ts'
import { privateOffer } from './offer-schema.ts'
import type { OverlayRule, PrivateOffer } from './overlay.ts'
import { overlayRule } from './rule-schema.ts'

export interface OverlayContent {
  readonly rules: readonly OverlayRule[]
  readonly offers: readonly PrivateOffer[]
}

const content = (file: string): z.ZodMiniType<OverlayContent> =>
  z.pipe(
    mapping({
      rules: orElse(() => listOf(overlayRule()), []),
      offers: orElse(() => listOf(privateOffer()), []),
    }),
    z.transform((said) => ({
      rules: said.rules.map((rule, index) => ({ ...rule, file, index })),
      offers: said.offers.map((offer, index) => ({ ...offer, file, index })),
    })),
  )

const issueAt = (path: readonly PropertyKey[], message: string, hint: string): Issue => ({
  path,
  message,
  params: { hint },
})

/** Read from the value as written, so that they are told beside whatever else is wrong. */
const repeatedNames = (value: unknown): readonly Issue[] => {
  const rules: unknown = isMapping(value) ? value['rules'] : null
  if (!Array.isArray(rules)) return []
  const seen = new Set<string>()
  return rules.flatMap((one: unknown, index) => {
    const name = isMapping(one) ? (textOf(one['name'])?.trim() ?? null) : null
    if (name === null || !seen.has(name)) {
      if (name !== null) seen.add(name)
      return []
    }
    return [issueAt(['rules', index, 'name'], `name ${show(name)} is taken`, 'name each rule once')]
  })
}

const quarrels = (offers: readonly PrivateOffer[]): readonly Issue[] => {
  const ids = new Set<string>()
  const machines = new Map<string, InstanceType>()
  return offers.flatMap((offer, index) => {
    const { id, machine } = keysOf(offer)
    if (ids.has(id))
      return [issueAt(['offers', index], `offer "${id}" is there twice`, 'remove one')]
    ids.add(id)
    const known = machines.get(machine)
    if (!known) machines.set(machine, offer.instanceType)
    if (!known || adopted(offer.instanceType, known)) return []
    return [
      issueAt(
        ['offers', index, 'instance_type'],
        `${show(offer.instanceType.name)} names two different machines`,
        'give each machine a name of its own',
      ),
    ]
  })
}

const checkRoot = (value: unknown, file: string): Checked<OverlayContent> => {
  const checked = check(content(file), value ?? {})
  const issues = [...(checked.issues ?? quarrels(checked.value.offers)), ...repeatedNames(value)]
  return checked.issues || issues.length > 0 ? { issues } : checked
}

/**
 * Reads a `prices.yml` from its text. `file` is the name that messages show and that its offers
 * carry as their source. Throws ConfigurationError with everything that is wrong.
 */
export const readOverlay = (text: string, { file }: { readonly file: string }): OverlayContent =>
  readText(text, file, (value) => checkRoot(value, file))
