/** gpuhunt's published layout: `<cloud>/version`, and `<cloud>/<version>/catalog.zip` with one CSV. */
import { UpstreamInvalidError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import type { Downloads } from '#platform/http-download'
import { openZip } from '#platform/zip'
import { downloaded } from './downloaded.ts'
import type { OpenedFile, SourceFile } from './source-file.ts'
import { bytesOfMember } from './zipped.ts'

/** Clouds that gpuhunt collects and publishes. */
export const gpuhuntClouds = [
  'aws',
  'azure',
  'cloudrift',
  'gcp',
  'lambdalabs',
  'nebius',
  'oci',
  'runpod',
  'verda',
]

/** The day in a version: `20260819-1`. */
const dayOfVersion = (version: string): number | null => {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)-/.exec(version) ?? []
  return year === undefined ? null : parseInstant(`${year}-${month}-${day}T00:00:00Z`)
}

/** A version becomes part of an address and of a path. */
export const checkedVersion = (text: string, name: string): string => {
  const version = text.trim()
  if (/^\w[\w-]{0,63}$/.test(version)) return version
  throw new UpstreamInvalidError(`"${name}" names no version of a catalog`)
}

/** The one CSV of a published archive. */
export const openPublishedZip = async (
  archive: Buffer | { readonly path: string },
  name: { readonly cloud: string; readonly source: string; readonly version: string },
  modifiedMs: number | null,
): Promise<OpenedFile> => {
  const { members, close } = await openZip(archive, name.source)
  const [member, second] = members.filter((one) => one.name === `${name.cloud}.csv`)
  if (member === undefined || second !== undefined) {
    close()
    const held = second === undefined ? 'no' : 'more than one'
    throw new UpstreamInvalidError(`"${name.source}" holds ${held} "${name.cloud}.csv"`)
  }
  return {
    source: name.source,
    observedMs: member.modifiedMs ?? dayOfVersion(name.version) ?? modifiedMs,
    bytes: bytesOfMember(member, name.source),
    close,
  }
}

/** Any address that holds the layout: `<cloud>/version`, `<cloud>/<version>/catalog.zip`. */
export const publishedGpuhunt = (base: string, downloads: Downloads): readonly SourceFile[] =>
  gpuhuntClouds.map((cloud) => ({
    name: cloud,
    cloud,
    format: 'gpuhunt',
    dated: true,
    open: async () => {
      const address = `${base}/${cloud}/version`
      const { bytes } = await downloaded(downloads, address)
      const version = checkedVersion(bytes.toString('utf8'), address)
      const source = `${base}/${cloud}/${version}/catalog.zip`
      const zip = await downloaded(downloads, source)
      return openPublishedZip(zip.bytes, { cloud, source, version }, zip.modifiedMs)
    },
  }))
