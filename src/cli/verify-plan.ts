import { verifyPlan } from '#api/plans'
import type { VerifyFlags } from './commands/plan.ts'
import { exitCodes } from './exit-codes.ts'
import { openUnderOverlay } from './open-under-overlay.ts'
import { toOverrideArguments } from './override-arguments.ts'
import { toPlanVerificationDocument } from './output/plan-document.ts'
import { printDocument } from './output/print-document.ts'
import { readRequest } from './read-request.ts'
import { printPlanDifferences } from './tables/plan-differences.ts'
import { lookOf } from './terminal.ts'
import { version } from '#domain/version'
import type { World } from './world.ts'

interface VerifyWords {
  readonly path: string
  /** What asks now; without it and flags, the plan's own question is asked again. */
  readonly file: string | undefined
  readonly flags: VerifyFlags
  readonly runArguments: readonly string[]
}

/** A plan of some thousand attempts. */
const mostBytes = 64 * 1024 * 1024

const requestOf = async ({ file, flags, runArguments }: VerifyWords, world: World) => {
  if (file === undefined && Object.keys(toOverrideArguments(flags)).length === 0) return null
  const { subject, requirements } = await readRequest({ file, flags, runArguments }, world)
  return { configuration: subject?.configuration ?? null, requirements }
}

export const verifyPlanFile = async (words: VerifyWords, world: World): Promise<number> => {
  const { path, flags } = words
  const text = world.files.readText(path, mostBytes)
  const request = await requestOf(words, world)
  const { catalog, overlaid } = await openUnderOverlay(flags, world)
  try {
    const verification = verifyPlan(text, {
      file: path === '-' ? 'standard input' : path,
      catalog,
      toolVersion: version,
      overlayDigest: overlaid?.overlayDigest ?? null,
      request,
    })
    const { output } = flags
    world.stdout.write(
      output === 'table'
        ? `${printPlanDifferences(verification, lookOf('stdout', world, flags.color))}\n`
        : await printDocument(output, toPlanVerificationDocument(verification), []),
    )
    return verification.holds ? exitCodes.done : exitCodes.differences
  } finally {
    catalog.close()
  }
}
