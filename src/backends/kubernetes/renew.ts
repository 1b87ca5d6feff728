/** How long a pod may be kept, and all that was made beside it: by what is written on them. */
import type { InstanceRef, OwnerTags } from '#domain/launch'
import type { CloudAnswer, CloudIo } from '#backends/kit/cloud-io'
import { isNotFound } from '#backends/kit/refusals'
import { type Cluster, openCluster } from './cluster.ts'
import { annotationsOf, ofAttempt } from './labels.ts'
import { all, gather } from './pages.ts'
import { namedObjects, readPage } from './schema.ts'

const write = (cluster: Cluster, path: string, tags: OwnerTags) =>
  cluster.call({
    method: 'PATCH',
    path: cluster.at(path),
    contentType: 'application/merge-patch+json',
    json: { metadata: { annotations: annotationsOf(tags) } },
  })

/** What has been removed meanwhile needs no more time. */
const writeIfThere = async (cluster: Cluster, path: string, tags: OwnerTags): Promise<void> => {
  try {
    await write(cluster, path, tags)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

export const renew = async (io: CloudIo, { id }: InstanceRef, tags: OwnerTags): Promise<void> => {
  const cluster = await openCluster(io)
  await write(cluster, `pods/${encodeURIComponent(id)}`, tags)
  const query = { labelSelector: ofAttempt(tags) }
  const read = (answer: CloudAnswer) => readPage(namedObjects, answer)
  for (const kind of ['services', 'secrets']) {
    for (const { metadata } of await gather(all(cluster, cluster.at(kind), read, query))) {
      await writeIfThere(cluster, `${kind}/${encodeURIComponent(metadata.name)}`, tags)
    }
  }
}
