/** CSV files inside an archive as documents. */
import { openZip } from '#platform/zip'
import { cloudOfPath } from './cloud-names.ts'
import { nothingToClose, type SourceFile } from './source-file.ts'

interface ZippedFiles {
  readonly files: readonly SourceFile[]
  readonly close: () => void
}

/** `modifiedMs` stands for members without a time. The archive stays open until all are read. */
export const filesOfZip = async (
  archive: Buffer | { readonly path: string },
  name: string,
  modifiedMs: number | null,
): Promise<ZippedFiles> => {
  const { members, close } = await openZip(archive, name)
  const files = members
    .filter((member) => /\.csv$/i.test(member.name))
    .map((member): SourceFile => ({
      cloud: cloudOfPath(member.name),
      format: null,
      dated: member.modifiedMs !== null || modifiedMs !== null,
      open: async () => ({
        source: `${name} ${member.name}`,
        observedMs: member.modifiedMs ?? modifiedMs,
        bytes: await member.open(),
        close: nothingToClose,
      }),
    }))
  return { files, close }
}
