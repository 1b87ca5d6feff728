/**
 * Makes `catalogs/` from public documents: `npx tsx -C source scripts/embed-catalogs.ts --from DIR`.
 * Writes nothing unless every offer of every source passes the checks.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeSnapshot } from '#catalog/snapshot'
import { aws } from './embed/aws.ts'
import { azure } from './embed/azure.ts'
import { complaintsAbout } from './embed/check.ts'
import { gcp } from './embed/gcp.ts'
import { gpuClouds, leftOutClouds } from './embed/gpu-clouds.ts'
import { withoutOutliers } from './embed/outliers.ts'
import { sectionOf } from './embed/section.ts'

const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } })
const directory = values.from
if (directory === undefined) throw new Error('--from DIR names the folder of the documents')
const target = values.to ?? fileURLToPath(new URL('../catalogs', import.meta.url))

const results = [aws, azure, gcp, ...gpuClouds].map((source) => {
  const extraction = withoutOutliers(source.extract(directory))
  const complaints = complaintsAbout(extraction).map((what) => `${source.backend}: ${what}`)
  return { source, extraction, complaints }
})

const complaints = results.flatMap((result) => result.complaints)
if (complaints.length > 0) {
  for (const complaint of complaints.slice(0, 50)) console.error(complaint)
  console.error(`${complaints.length} complaints; nothing is written`)
  process.exitCode = 1
} else {
  const sections = results.map(({ source, extraction }) => sectionOf(directory, source, extraction))
  const manifest = writeSnapshot(target, sections, leftOutClouds(directory))
  for (const entry of manifest.backends)
    console.log(`${entry.backend}: ${entry.offers} offers of ${entry.rowsRead} rows`)
  console.log(`${manifest.offers} offers in all`)
}
