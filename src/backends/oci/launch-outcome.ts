/** A launch goes on in the background after its answer, and may fail there. */
import type { Verdict } from '#domain/launch'
import { isNotFound } from '#backends/kit/refusals'
import { allOf, type OciDoor, rowsOf } from './api.ts'
import { causeOf } from './errors.ts'
import { type Instance, workAnswer, workErrorsAnswer } from './schema.ts'

const causeAt = async (
  door: OciDoor,
  region: string,
  { id, compartmentId }: Instance,
): Promise<Verdict | null> => {
  const query = { compartmentId, resourceId: id }
  const work = await allOf(rowsOf(door, { region, path: '/workRequests', query }, workAnswer))
  const launch = work.find(
    ({ operationType, status }) => operationType === 'LaunchInstance' && status === 'FAILED',
  )
  if (launch === undefined) return null
  const path = `/workRequests/${encodeURIComponent(launch.id)}/errors`
  const [error] = await allOf(rowsOf(door, { region, path }, workErrorsAnswer))
  return causeOf(error?.code ?? '', error?.message ?? '')
}

/** Why a machine that was promised never came; null where it did, or where Oracle does not tell us. */
export const failureOf = async (
  door: OciDoor,
  region: string,
  instance: Instance,
): Promise<Verdict | null> => {
  try {
    return await causeAt(door, region, instance)
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}
