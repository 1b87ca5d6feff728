/** What the server's metrics say. */
import type { ServerUnderTest } from './stand.ts'

/** The sum of all values of that name whose labels hold `label`; 0 where there is none. */
export const metricOf = async (
  { url }: Pick<ServerUnderTest, 'url'>,
  { token, name, label = '' }: { readonly token: string; readonly name: string; label?: string },
): Promise<number> => {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  if (response.status !== 200) throw new Error(`no metrics: ${response.status}`)
  const lines = (await response.text()).split('\n')
  const start = `dstack_offers_${name}{`
  return lines
    .filter((line) => line.startsWith(start) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
