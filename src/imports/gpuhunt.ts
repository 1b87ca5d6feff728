/** gpuhunt's rows, with what is known of their defects. */
import { readGpuhuntRow } from '#catalog/gpuhunt-row'
import { ImportRejectedError } from '#domain/errors'
import type { InstanceType } from '#domain/offer'
import type { CsvRow } from '#platform/csv'
import { ownMachine } from './gpuhunt-machine.ts'
import { readingOf } from './offers-of-drafts.ts'
import { type Draft, newTally, type ReadContext, type Reading, type Tally } from './reading.ts'
import { regionOfZone } from './zones.ts'

/** Rows that need more of a client than to ask for the machine are marked; these need nothing. */
const harmlessFlags = new Set(['gcp-a4', 'gcp-g4', 'lambda-arm', 'oci-spot', 'runpod-cpu'])

/** Why a row of such a mark is no offer. */
const flagReasons: ReadonlyMap<string, string> = new Map([
  ['gcp-dws-calendar-mode', 'price of a reservation in advance, not on demand'],
  ['gcp-g4-preview', 'there twice, for clients of a preview'],
  ['runpod-cluster', 'sold as a cluster only'],
])

const refusedFlag = (row: CsvRow): string | null => {
  for (const flag of (row['flags'] ?? '').split(/\s+/)) {
    const reason = flagReasons.get(flag)
    if (reason !== undefined) return reason
    if (flag !== '' && !harmlessFlags.has(flag)) return 'marked for clients newer than this program'
  }
  return null
}

/** The column and what was expected, without the value. */
const reasonOf = ({ message }: ImportRejectedError): string =>
  message.replace(/^(\w+) "[\s\S]*": expected/, '$1: expected')

/** A maker or a name without a number is left where gpuhunt did not find the machine's accelerators. */
const hidesAccelerators = (row: CsvRow, { gpu }: InstanceType): boolean =>
  gpu === null && `${row['gpu_vendor'] ?? ''}${row['gpu_name'] ?? ''}` !== ''

const refused = (tally: Tally, reason: string): null => {
  tally.reject(reason)
  return null
}

const readDraft = (row: CsvRow, context: ReadContext, tally: Tally): Draft | null => {
  const offer = readGpuhuntRow(context.backend, row, context.observation)
  const flag = refusedFlag(row)
  if (flag !== null) return refused(tally, flag)
  if (hidesAccelerators(row, offer.instanceType)) return refused(tally, 'accelerators unknown')
  const { spot, priceNanoUsd, region: location } = offer
  if (location === null || priceNanoUsd === null) return null
  const instanceType = ownMachine(offer.instanceType, context, location)
  if (instanceType === null) {
    return refused(tally, 'memory that the accelerator is not made with')
  }
  const region = context.backend === 'gcp' ? regionOfZone(location) : location
  return { region, instanceType, spot, priceNanoUsd }
}

const draftOf = (row: CsvRow, context: ReadContext, tally: Tally): Draft | null => {
  try {
    return readDraft(row, context, tally)
  } catch (error) {
    if (!(error instanceof ImportRejectedError)) throw error
    const reason = reasonOf(error)
    if (reason.startsWith('price:')) tally.reject('no price above zero')
    else tally.spoilt(reason)
    return null
  }
}

const tpuKey = ({ region, instanceType }: Draft): string => `${region} ${instanceType.name}`

/** Prices of TPUs are kept by hand in part, some spot above on demand: such a spot price is another's. */
const withoutDearSpot = (drafts: readonly Draft[], tally: Tally): readonly Draft[] => {
  const isTpu = ({ instanceType: { gpu } }: Draft): boolean => gpu?.vendor === 'google'
  const onDemand = new Map(
    drafts
      .filter((draft) => isTpu(draft) && !draft.spot)
      .map((draft) => [tpuKey(draft), draft.priceNanoUsd]),
  )
  return drafts.filter((draft) => {
    const most = draft.spot && isTpu(draft) ? onDemand.get(tpuKey(draft)) : undefined
    if (most === undefined || draft.priceNanoUsd <= most) return true
    tally.reject('TPU dearer as spot than on demand')
    return false
  })
}

const notesOf = (backend: string): readonly string[] => [
  'read from a catalog of gpuhunt; stock is not known',
  ...(backend === 'gcp'
    ? ['prices are per region; GPUs attached to n1 machines are part of the name, as +T4:2']
    : []),
]

export const readGpuhunt = async (
  rows: AsyncIterable<CsvRow>,
  context: ReadContext,
): Promise<Reading> => {
  const tally = newTally()
  const drafts: Draft[] = []
  let count = 0
  for await (const row of rows) {
    count += 1
    const draft = draftOf(row, context, tally)
    if (draft !== null) drafts.push(draft)
  }
  return readingOf(withoutDearSpot(drafts, tally), count, notesOf(context.backend), context, tally)
}
