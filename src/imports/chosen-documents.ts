/** Whose prices the documents hold, and which of them are wanted. Pure. */
import { ArgumentError } from '#domain/errors'
import { backendOfCloud } from './cloud-names.ts'
import type { SourceFile } from './source-file.ts'

interface Assigned {
  /** Ours; null for a cloud this program does not know. */
  readonly backend: string | null
  readonly cloud: string
  readonly file: SourceFile
}

const assigned = (files: readonly SourceFile[], wanted: readonly string[] | undefined) =>
  files.map((file): Assigned => {
    const told = file.cloud === null ? null : backendOfCloud(file.cloud)
    const only = files.length === 1 && wanted?.length === 1 ? (wanted[0] ?? null) : null
    return { backend: told ?? only, cloud: file.cloud ?? '?', file }
  })

/** Of two names of one backend (gpuhunt published `datacrunch` as a copy of `verda`), the canonical one. */
const isCanonical = ({ backend, cloud }: Assigned, all: readonly Assigned[]): boolean =>
  backend === null || backend === cloud || !all.some((other) => other.cloud === backend)

/** Throws ArgumentError where nothing is left, or one backend has two documents. */
export const chosenDocuments = (
  files: readonly SourceFile[],
  backends: readonly string[] | undefined,
): readonly Assigned[] => {
  const all = assigned(files, backends)
  const unnamed = all.length === 1 && all[0]?.backend === null ? all[0] : null
  if (unnamed !== null && backends === undefined) {
    throw new ArgumentError(`"${unnamed.cloud}" names no backend that this program knows`, {
      hint: 'say whose prices these are: -b aws',
    })
  }
  const wanted = all.filter(
    (one) =>
      isCanonical(one, all) && (backends === undefined || backends.includes(one.backend ?? '')),
  )
  const twice = wanted.find(
    (one) =>
      one.backend !== null &&
      wanted.some((other) => other !== one && other.backend === one.backend),
  )
  if (twice) {
    throw new ArgumentError(`two of its files hold prices of "${twice.backend ?? ''}"`, {
      hint: 'import the one that is right',
    })
  }
  if (wanted.length > 0) return wanted
  const names = all.map(({ backend, cloud }) => backend ?? cloud)
  throw new ArgumentError(`there is nothing of "${(backends ?? []).join('", "')}" in it`, {
    hint: `there is ${names.join(', ')}`,
  })
}
