/** A process that launches one machine: `launch-one.ts HOME ATTEMPT`. Prints its id. */
import { simulatorOnFile } from '#backends/simulator/on-file'
import { simulatorIo, simulatorRequest } from './simulator-io.ts'

const [home = '', attempt = ''] = process.argv.slice(2)
const io = simulatorIo(home, Date.now())
const offers = (await simulatorOnFile.inventory?.(io)) ?? []
const request = simulatorRequest(attempt)

/** The first offer with room: an ordinary day refuses some, and loses an answer now and then. */
const launched = async (): Promise<string> => {
  for (const offer of offers.filter(({ stock }) => stock !== 'none')) {
    const planned = simulatorOnFile.plan(request, offer)
    if ('refusal' in planned) continue
    try {
      return (await simulatorOnFile.create(io, planned.plan)).ref.id
    } catch {
      continue
    }
  }
  throw new Error('there was no room')
}

console.log(await launched())
