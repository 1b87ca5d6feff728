/** CSV files inside an archive as documents. */
import { UpstreamInvalidError } from '#domain/errors'
import { openZip, type ZipArchive } from '#platform/zip'
import { cloudOfPath } from './cloud-names.ts'
import { nothingToClose, type SourceFile } from './source-file.ts'

type ZipMember = ZipArchive['members'][number]

/** Throws UpstreamInvalidError, while read, for what is encrypted, packed in an unknown way or damaged. */
export const bytesOfMember = async function* (
  member: ZipMember,
  source: string,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of await member.open()) yield bytes
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split(', and ')
    throw new UpstreamInvalidError(`"${source}" cannot be unpacked: ${why}`, { cause: error })
  }
}

/** The Finder of macOS puts `._aws.csv` beside `aws.csv`: no table, whatever its name. */
const isTable = ({ name }: ZipMember): boolean => /\.csv$/i.test(name) && !/(?:^|\/)\._/.test(name)

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
  const files = members.filter(isTable).map((member): SourceFile => ({
    name: member.name,
    cloud: cloudOfPath(member.name),
    format: null,
    dated: member.modifiedMs !== null || modifiedMs !== null,
    open: async () => ({
      source: `${name} ${member.name}`,
      observedMs: member.modifiedMs ?? modifiedMs,
      bytes: bytesOfMember(member, `${name} ${member.name}`),
      close: nothingToClose,
    }),
  }))
  return { files, close }
}
