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
  if (backends === undefined && all.every(({ backend }) => backend === null)) {
    const clouds = all.map(({ cloud }) => cloud).join('", "')
    throw new ArgumentError(
      `"${clouds}" name${all.length === 1 ? 's' : ''} no backend that this program knows`,
      {
        hint:
          all.length === 1
            ? 'say whose prices these are: -b aws'
            : 'name the files after their backends, as aws.csv, or import one at a time with -b aws',
      },
    )
  }
  const wanted = all.filter(
    (one) =>
      isCanonical(one, all) && (backends === undefined || backends.includes(one.backend ?? '')),
  )
  for (const { backend } of wanted) {
    const rivals = wanted.filter((other) => backend !== null && other.backend === backend)
    if (rivals.length < 2) continue
    const names = rivals.map(({ file }) => file.name).join('", "')
    throw new ArgumentError(
      `more than one of its files holds prices of "${backend ?? ''}": "${names}"`,
      { hint: 'import the one that is right' },
    )
  }
  if (wanted.length > 0) return wanted
  const names = all.map(({ backend, cloud }) => backend ?? cloud)
  throw new ArgumentError(`there is nothing of "${(backends ?? []).join('", "')}" in it`, {
    hint: `there is ${names.join(', ')}`,
  })
}
