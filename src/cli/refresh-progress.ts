/** What a refresh is at, live on a terminal, in lines that are drawn over. */
import type { BackendReport } from '#api/refresh'
import { printCount, printCounted } from './tables/numbers.ts'
import { cutText, padEnd } from './text-width.ts'
import type { Output } from './world.ts'

export interface RefreshProgress {
  page(backend: string, pages: number, offers: number): void
  /** Writes lines that stay, above those that are drawn over. */
  done(report: Pick<BackendReport, 'backend'>, writeLine: () => void): void
  /** Leaves nothing behind. */
  end(): void
}

/** Where nobody watches, what stays is written and nothing else. */
const silent: RefreshProgress = {
  page: () => undefined,
  done: (_report, writeLine) => writeLine(),
  end: () => undefined,
}

/** More would scroll on a small terminal, and a line that has scrolled is not drawn over. */
const mostLines = 12

/** The longest name is of 14. */
const nameWidth = 15

interface State {
  readonly pages: number
  readonly offers: number
}

const stateText = (state: State | undefined): string =>
  state === undefined
    ? 'asking …'
    : `${printCounted(state.pages, 'page')}, ${printCounted(state.offers, 'offer')}`

/** Up over so many lines, and all below cleared. */
const over = (lines: number): string => (lines === 0 ? '' : `\u001B[${lines}A\u001B[J`)

const live = (backends: readonly string[], output: Output): RefreshProgress => {
  const width = (output.columns ?? 80) - 1
  const states = new Map<string, State>()
  const pending = new Set(backends)
  let drawn = 0
  const linesOf = (): readonly string[] => {
    // Those that have begun to answer come first: the others have nothing to tell.
    const names = [...pending].toSorted(
      (one, other) => (states.has(other) ? 1 : 0) - (states.has(one) ? 1 : 0),
    )
    const shown = names.length > mostLines ? names.slice(0, mostLines - 1) : names
    const lines = shown.map((name) => `${padEnd(name, nameWidth)}${stateText(states.get(name))}`)
    const more = names.length - shown.length
    return more === 0 ? lines : [...lines, `and ${printCount(more)} more`]
  }
  const draw = (): void => {
    const lines = linesOf().map((line) => `${cutText(line, width)}\n`)
    output.write(over(drawn) + lines.join(''))
    drawn = lines.length
  }
  const clear = (): void => {
    output.write(over(drawn))
    drawn = 0
  }
  draw()
  return {
    page: (backend, pages, offers) => {
      states.set(backend, { pages, offers })
      draw()
    },
    done: ({ backend }, writeLine) => {
      pending.delete(backend)
      clear()
      writeLine()
      draw()
    },
    end: clear,
  }
}

/** `output` is where it is drawn: standard error, so that a pipe gets what stays alone. */
export const refreshProgress = (
  backends: readonly string[],
  output: Output,
  quiet: boolean,
): RefreshProgress => (output.isTTY && !quiet ? live(backends, output) : silent)
