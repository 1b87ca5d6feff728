/** What an overlay did and comes to, as documents. Money is a decimal string. */
import {
  printPercent,
  type OverlaidCatalog,
  type OverlayFindings,
  type OverlayRule,
  type OverlayStep,
} from '#api/overlay'
import { printUsd } from '#domain/price'
import type { Json } from '#domain/json'

const hourly = (nanoUsd: number | null): Json => ({
  amount: nanoUsd === null ? null : printUsd(nanoUsd),
  currency: 'USD',
  per: 'instance_hour',
})

const toActionDocument = (action: OverlayStep['action']) => ({
  action: action.kind,
  percent: action.kind === 'discount' ? printPercent(action.microPercent) : null,
})

/** The steps of one offer; empty where it is as the catalog has it. `price` is null of an exclusion. */
export const toStepsDocument = (steps: readonly OverlayStep[]) =>
  steps.map(({ file, rule, action, basePriceNanoUsd, priceNanoUsd }) => ({
    file,
    rule,
    ...toActionDocument(action),
    base_price: hourly(basePriceNanoUsd),
    price: action.kind === 'exclude' ? null : hourly(priceNanoUsd),
  })) satisfies Json

/** Which overlay an answer was given under. */
export const toOverlayDocument = ({
  overlay,
  overlayDigest,
}: Pick<OverlaidCatalog, 'overlay' | 'overlayDigest'>) =>
  ({
    digest: overlayDigest,
    files: overlay.files.map(({ file }) => file),
    rules: overlay.rules.length,
    offers: overlay.offers.length,
  }) satisfies Json

const named = ({ file, name }: OverlayRule) => ({ file, rule: name })

export const toFindingsDocument = ({ rules, conflicts, offers }: OverlayFindings) =>
  ({
    rules: rules.map(({ rule, state, selected, decided, unknown }) => ({
      ...named(rule),
      ...toActionDocument(rule.action),
      price: rule.action.kind === 'price' ? hourly(rule.action.priceNanoUsd) : null,
      expires: rule.expires,
      weight: rule.weight,
      state,
      matched: selected,
      decided,
      unknown_names: unknown.map(({ key, name, nearest }) => ({ key, name, nearest })),
    })),
    conflicts: conflicts.map(({ first, second, offers: count, example }) => ({
      first: named(first),
      second: named(second),
      offers: count,
      example,
    })),
    offers: offers.map(({ offer, id, state }) => ({
      file: offer.file,
      id,
      price: hourly(offer.priceNanoUsd),
      expires: offer.expires,
      state,
    })),
  }) satisfies Json
