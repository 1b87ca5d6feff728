/** A file that has to be there. */
import { UpstreamRefusedError } from '#domain/errors'
import { type Download, type Downloads, printAddress } from '#platform/http-download'

/** Throws UpstreamRefusedError where it is not. */
export const downloaded = async (downloads: Downloads, address: string): Promise<Download> => {
  const url = new URL(address)
  const download = await downloads.get(url)
  if (download !== null) return download
  throw new UpstreamRefusedError(`${printAddress(url)} does not exist (HTTP 404)`)
}
