/** Lists of a cluster, page by page. */
import type { CloudAnswer } from '#backends/kit/cloud-io'
import type { Cluster } from './cluster.ts'
import type { Page } from './schema.ts'

export async function* all<T>(
  cluster: Cluster,
  path: string,
  read: (answer: CloudAnswer) => Page<T>,
  query: Readonly<Record<string, string>> = {},
): AsyncGenerator<T> {
  let next: string | null = null
  do {
    const more: Readonly<Record<string, string>> = next === null ? {} : { continue: next }
    const page: Page<T> = read(
      await cluster.call({ method: 'GET', path, query: { ...query, limit: '500', ...more } }),
    )
    yield* page.items
    next = page.metadata.continue || null
  } while (next !== null)
}

export const gather = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
