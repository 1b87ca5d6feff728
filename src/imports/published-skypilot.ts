/** SkyPilot's published catalogs, as of the commit that last changed each. */
import { UpstreamInvalidError, UpstreamRefusedError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import type { Downloads } from '#platform/http-download'
import { downloaded } from './downloaded.ts'
import { nothingToClose, once, type SourceFile } from './source-file.ts'

/** Clouds of schema v8 that this program knows. */
const skypilotClouds = [
  'aws',
  'azure',
  'gcp',
  'lambda',
  'runpod',
  'verda',
  'nebius',
  'oci',
  'vast',
  'cudo',
  'do',
  'jarvislabs',
  'seeweb',
  'hyperstack',
  'hyperbolic',
  'shadeform',
  'primeintellect',
  'paperspace',
]

interface Commit {
  readonly sha: string
  readonly ms: number
}

const field = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  )

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const commitOf = (text: string): Commit | null => {
  const commits = parsed(text)
  const sha = field(commits, 0, 'sha')
  const date = field(commits, 0, 'commit', 'committer', 'date')
  const ms = typeof date === 'string' ? parseInstant(date) : null
  return typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha) && ms !== null ? { sha, ms } : null
}

/** GitHub answers 60 questions an hour to an address without an account, and refuses the rest. */
const askCommits = async (downloads: Downloads, address: string): Promise<string> => {
  try {
    const { bytes } = await downloaded(downloads, address)
    return bytes.toString('utf8')
  } catch (error) {
    if (!(error instanceof UpstreamRefusedError && /HTTP (?:403|429)$/.test(error.message))) {
      throw error
    }
    throw new UpstreamRefusedError(error.message, {
      hint: 'GitHub answers 60 questions an hour: wait, or ask for fewer backends with -b',
      cause: error,
    })
  }
}

/**
 * The commit that last changed a file says when its prices were true. SkyPilot's mirror is no help:
 * it puts every file anew every few hours, those kept by hand too.
 */
export const publishedSkypilot = (
  { base, commits }: { readonly base: string; readonly commits: string },
  downloads: Downloads,
): readonly SourceFile[] =>
  skypilotClouds.map((cloud) => ({
    name: cloud,
    cloud,
    format: 'skypilot',
    dated: true,
    open: async () => {
      const path = `catalogs/v8/${cloud}/vms.csv`
      const commit = commitOf(await askCommits(downloads, `${commits}?path=${path}&per_page=1`))
      if (commit === null) {
        throw new UpstreamInvalidError(`${commits} names no commit of "${path}"`)
      }
      const { bytes } = await downloaded(downloads, `${base}/${commit.sha}/${path}`)
      return {
        source: `skypilot-org/skypilot-catalog ${path}@${commit.sha.slice(0, 7)}`,
        observedMs: commit.ms,
        bytes: once(bytes),
        close: nothingToClose,
      }
    },
  }))
