/** Colour never carries meaning alone: every styled word is printed without colour too. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly red: (text: string) => string
}

const sgr = (open: number, close: number) => (text: string) =>
  text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`

const same = (text: string): string => text

export const plainStyle: Style = { bold: same, dim: same, green: same, yellow: same, red: same }

export const colourStyle: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  red: sgr(31, 39),
}

export type ColourChoice = 'auto' | 'always' | 'never'

/** The flag beats `FORCE_COLOR`, which beats `NO_COLOR` and `TERM=dumb`, which beat the terminal. */
const wantsColour = (
  choice: ColourChoice,
  isTTY: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean => {
  if (choice !== 'auto') return choice === 'always'
  const forced = environment['FORCE_COLOR'] ?? ''
  if (forced !== '') return forced !== '0' && forced !== 'false'
  if ((environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb') return false
  return isTTY
}

export const chooseStyle = (
  choice: ColourChoice,
  isTTY: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Style => (wantsColour(choice, isTTY, environment) ? colourStyle : plainStyle)
