/**
 * Which modules a plain answer needs: what the program imports outright, and these of what it
 * imports when needed. They start with the program; all others wait in `rest.cjs` until a run asks
 * for one. Storing the compiled code fails where a plain request asked for the rest, and names what
 * is missing here.
 */
import type { Metafile } from 'esbuild'

const plainImports: ReadonlySet<string> = new Set([
  'src/api/catalog.ts',
  'src/api/configuration.ts',
  'src/api/overlay.ts',
  'src/cli/no-offers.ts',
  'src/cli/output/answer-document.ts',
  'src/cli/output/json.ts',
  'src/cli/output/table.ts',
])

export interface ModulePlan {
  /** Modules of the program that the rest needs, by how it comes to them. */
  readonly sharedAtOnce: readonly string[]
  readonly sharedWhenNeeded: readonly string[]
  /** Modules of the program, which the rest must not hold once more. */
  readonly plain: ReadonlySet<string>
  /** Imports of the program that the rest holds. */
  readonly rest: ReadonlySet<string>
}

type Follow = (imported: { readonly path: string; readonly kind: string }) => boolean

const reach = (
  { inputs }: Metafile,
  starts: Iterable<string>,
  follow: Follow,
): ReadonlySet<string> => {
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const imported of inputs[path]?.imports ?? []) {
      if (imported.external !== true && follow(imported)) visit(imported.path)
    }
  }
  for (const path of starts) visit(path)
  return seen
}

const isOwn = (path: string): boolean => path.startsWith('src/')
const isDynamic = ({ kind }: { readonly kind: string }): boolean => kind === 'dynamic-import'

/** From the account of a bundle that holds all of it. */
export const planModules = (all: Metafile, entry: string): ModulePlan => {
  const plain = reach(
    all,
    [entry],
    (imported) => !isDynamic(imported) || plainImports.has(imported.path),
  )
  const atOnce = reach(all, [entry], (imported) => !isDynamic(imported))
  const later = [...plain].flatMap((path) => all.inputs[path]?.imports.filter(isDynamic) ?? [])
  const rest = new Set(later.map(({ path }) => path).filter((path) => !plain.has(path)))
  const shared = [...reach(all, rest, () => true)].filter((path) => plain.has(path) && isOwn(path))
  return {
    sharedAtOnce: shared.filter((path) => atOnce.has(path)),
    sharedWhenNeeded: shared.filter((path) => !atOnce.has(path)),
    plain: new Set([...plain].filter(isOwn)),
    rest,
  }
}
