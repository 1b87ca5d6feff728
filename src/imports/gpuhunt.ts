/** gpuhunt's rows, with what is known of their defects. */
import { cardsOf, gpuOf } from '#backends/kit/accelerators'
import { readGpuhuntRow } from '#catalog/gpuhunt-row'
import { ImportRejectedError } from '#domain/errors'
import { gpusNamed } from '#domain/gpu-models'
import type { InstanceType } from '#domain/offer'
import type { CsvRow } from '#platform/csv'
import {
  isFullProduct,
  mergedRemark,
  offersOfDrafts,
  unplacedNote,
  unplacedRemark,
} from './offers-of-drafts.ts'
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

/**
 * Cards under the names and sizes of our table; one that is not in it stays as it is written. Null for
 * a known card of a memory it is not made with, nor a part of.
 */
const withKnownCards = (
  type: InstanceType,
  { backend, known }: ReadContext,
): InstanceType | null => {
  const { gpu, gpuCount } = type
  if (gpu === null) return type
  const machine = backend === 'gcp' ? known.machine(type.name) : null
  // Parts of a card are listed as the whole (g4-standard-6 as one RTX PRO 6000).
  if (machine?.gpu?.name.includes('-1/')) {
    return { ...type, gpu: machine.gpu, gpuCount: machine.gpuCount }
  }
  const card = gpuOf(gpu.name, gpu.memoryMib || undefined)
  if (card !== null) return { ...type, gpu: card }
  if (gpu.memoryMib === 0) return null
  if (gpusNamed(gpu.name).length === 0) return type
  const whole = gpuCount === 1 ? gpuOf(gpu.name, undefined) : null
  const part = whole === null ? null : cardsOf(whole, gpu.memoryMib)
  return part === null ? null : { ...type, ...part }
}

/** RunPod's rows are named by the card alone; here as the refresh names them. */
const withOwnName = (type: InstanceType, { backend }: ReadContext, region: string): InstanceType =>
  backend === 'runpod' && type.gpu !== null
    ? {
        ...type,
        name: `${type.gpuCount}x ${type.name} ${region.includes('-') ? 'secure' : 'community'}`,
      }
    : type

const draftOf = (row: CsvRow, context: ReadContext, tally: Tally): Draft | null => {
  try {
    const offer = readGpuhuntRow(context.backend, row, context.observation)
    const flag = refusedFlag(row)
    if (flag !== null) {
      tally.reject(flag)
      return null
    }
    const { spot, priceNanoUsd, region: location } = offer
    if (location === null || priceNanoUsd === null) return null
    const region = context.backend === 'gcp' ? regionOfZone(location) : location
    const type = withKnownCards(offer.instanceType, context)
    if (type !== null) {
      return { region, instanceType: withOwnName(type, context, location), spot, priceNanoUsd }
    }
    tally.reject('memory that the accelerator is not made with')
    return null
  } catch (error) {
    if (!(error instanceof ImportRejectedError)) throw error
    const reason = reasonOf(error)
    if (reason.startsWith('price:')) tally.reject('no price above zero')
    else tally.spoilt(reason)
    return null
  }
}

const notesOf = (backend: string, unplaced: boolean): readonly string[] => [
  'read from a catalog of gpuhunt; stock is not known',
  ...(backend === 'gcp'
    ? ['prices are per region; GPUs attached to n1 machines are part of the name, as +T4:2']
    : []),
  ...(unplaced ? [unplacedNote] : []),
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
  const unplaced = context.backend === 'lambdalabs' && isFullProduct(drafts)
  const placed = unplaced ? drafts.map((draft) => ({ ...draft, region: null })) : drafts
  const { backend, observation } = context
  const { offers, merged } = offersOfDrafts(backend, placed, observation, tally)
  return {
    offers,
    rows: count,
    malformed: tally.malformed(),
    rejects: tally.counts,
    remarks: unplaced ? [unplacedRemark] : mergedRemark(merged),
    notes: notesOf(backend, unplaced),
  }
}
