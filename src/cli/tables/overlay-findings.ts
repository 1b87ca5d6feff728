/** What `check` says of an overlay. */
import type {
  OverlayConflict,
  OverlayFindings,
  OwnOfferFinding,
  RuleFinding,
  UnknownName,
} from '#api/overlay'
import type { Style } from '#cli/style'
import { visible } from '#cli/text-width'
import { rowPrinter, type Column } from './columns.ts'
import { printCount, printCounted } from './numbers.ts'
import { printAction } from './overlay-marks.ts'

type Named = { readonly file: string; readonly name: string }

const printRule = ({ file, name }: Named): string => `${visible(file)}: rule "${visible(name)}"`

const printUnknown = ({ key, name, nearest }: UnknownName): string => {
  const near = nearest === null ? '' : `; nearest: ${visible(nearest)}`
  return `no "${visible(name)}" in ${key}${near}`
}

const ruleWarnings = ({ rule, state, selected, unknown }: RuleFinding): readonly string[] => {
  const names = unknown.length === 0 ? '' : ` (${unknown.map(printUnknown).join(', ')})`
  switch (state) {
    case 'expired':
      return [`${printRule(rule)} expired on ${rule.expires ?? '?'} and does nothing`]
    case 'unused':
      return [`${printRule(rule)} matches no offer${names}`]
    case 'shadowed':
      return [
        `${printRule(rule)} never decides: others decide on the ${printCounted(selected, 'offer')} it matches`,
      ]
    case 'used':
      return names === '' ? [] : [`${printRule(rule)} names what no catalog has${names}`]
  }
}

const conflictWarning = ({ first, second, offers, example }: OverlayConflict): string => {
  const other =
    first.file === second.file
      ? `rule "${visible(second.name)}"`
      : `rule "${visible(second.name)}" of ${visible(second.file)}`
  return `${printRule(first)} and ${other} disagree on ${printCounted(offers, 'offer')}, such as ${visible(example)}: the first decides; give one a weight`
}

const offerWarnings = ({ offer, id, state }: OwnOfferFinding): readonly string[] => {
  const told = `${visible(offer.file)}: offer "${visible(id)}"`
  switch (state) {
    case 'expired':
      return [`${told} expired on ${offer.expires ?? '?'}`]
    case 'shadowed':
      return [`${told} is in an earlier file too, which decides`]
    case 'replaces':
    case 'added':
      return []
  }
}

/** What is likely a slip, a sentence each. */
export const overlayWarnings = ({
  rules,
  conflicts,
  offers,
}: OverlayFindings): readonly string[] => [
  ...rules.flatMap(ruleWarnings),
  ...conflicts.map(conflictWarning),
  ...offers.flatMap(offerWarnings),
]

interface Row {
  readonly file: string
  readonly name: string
  readonly does: string
  readonly matches: string
  readonly decides: string
  readonly state: string
}

const ruleRow = ({ rule, state, selected, decided }: RuleFinding): Row => ({
  file: visible(rule.file),
  name: visible(rule.name),
  does: printAction(rule.action),
  matches: printCount(selected),
  decides: printCount(decided),
  state,
})

const offerRow = ({ offer, id, state }: OwnOfferFinding): Row => ({
  file: visible(offer.file),
  name: visible(id),
  does: 'own',
  matches: '-',
  decides: '-',
  state,
})

const column = (
  rows: readonly Row[],
  key: keyof Row,
  heading: string,
  align: Column['align'] = 'left',
): Column => ({ heading, align, cells: rows.map((row) => row[key]) })

/**
 * Every rule and own offer with what it comes to; the heading alone where there is neither. A file
 * that all are of is said once, above.
 */
export const printOverlayTable = (
  { rules, offers }: OverlayFindings,
  style: Style,
): readonly string[] => {
  const rows = [...rules.map(ruleRow), ...offers.map(offerRow)]
  const files = new Set(rows.map(({ file }) => file))
  const print = rowPrinter([
    ...(files.size === 1 ? [] : [column(rows, 'file', 'OVERLAY')]),
    column(rows, 'name', 'RULE OR OFFER'),
    column(rows, 'does', 'ACTION', 'right'),
    column(rows, 'matches', 'MATCHES', 'right'),
    column(rows, 'decides', 'DECIDES', 'right'),
    column(rows, 'state', 'STATE'),
  ])
  const above =
    files.size === 1 ? [...files].map((file) => `${style.bold('Overlay  ')}${file}`) : []
  const lines = [...above, style.bold(print(-1)), ...rows.map((_, row) => print(row))]
  return lines.map((line) => line.trimEnd())
}
