/** Lists of a cluster, page by page. */
import { type CloudAnswer, CloudRefusal } from '#backends/kit/cloud-io'
import type { Cluster } from './cluster.ts'
import type { Page } from './schema.ts'

type Query = Readonly<Record<string, string>>

/** Pages are of one version, which a cluster forgets after some minutes. */
const isExpired = (error: unknown): boolean =>
  error instanceof CloudRefusal && error.answer.status === 410

/** All of a list, or of one version nothing. What could not be gone on with is asked for as one page. */
export async function* all<T>(
  cluster: Cluster,
  path: string,
  read: (answer: CloudAnswer) => Page<T>,
  query: Query = {},
): AsyncGenerator<T> {
  const page = async (part: Query): Promise<Page<T>> =>
    read(await cluster.call({ method: 'GET', path, query: { ...query, ...part } }))
  const paged = async (): Promise<readonly T[]> => {
    const found: T[] = []
    let next: string | null = null
    do {
      const more: Query = next === null ? {} : { continue: next }
      const { items, metadata }: Page<T> = await page({ limit: '500', ...more })
      found.push(...items)
      next = metadata.continue || null
    } while (next !== null)
    return found
  }
  try {
    yield* await paged()
  } catch (error) {
    if (!isExpired(error)) throw error
    yield* (await page({})).items
  }
}

export const gather = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
