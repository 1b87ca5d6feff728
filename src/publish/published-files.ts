/** What a published folder holds, and how much of it is read at most. */

export const manifestName = 'manifest.json'

export const snapshotFolder = 'snapshots'

/** Below the folder. Ends in `.json` since hosts compress what they serve as JSON. */
export const snapshotName = (sha256: string): string => `${snapshotFolder}/${sha256}.json`

export const mostManifestBytes = 1024 * 1024

export const mostSnapshotBytes = 256 * 1024 * 1024
