/** What the machine of an engine has, as far as the engine tells. */
import type { InstanceType } from '#domain/offer'
import { freeDiskMib } from '#platform/machine-facts'
import { noAccelerators } from './accelerators.ts'
import type { Engine } from './engine.ts'
import { acceleratorsHere, architectureNamed } from './machine-here.ts'

const mib = 1024 * 1024

const numberIn = (value: unknown): number => (typeof value === 'number' ? value : 0)
const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** An engine elsewhere tells neither its accelerators nor its disk: none, and unknown. */
export const engineMachine = async (
  { docker, isHere }: Engine,
  name: string,
): Promise<InstanceType> => {
  const info: unknown = await docker.info()
  const root = textIn(property(info, 'DockerRootDir'))
  return {
    name,
    cpus: numberIn(property(info, 'NCPU')),
    memoryMib: Math.floor(numberIn(property(info, 'MemTotal')) / mib),
    ...(isHere ? await acceleratorsHere() : noAccelerators),
    diskMib: isHere && root !== '' ? freeDiskMib(root) : null,
    architecture: architectureNamed(textIn(property(info, 'Architecture'))),
  }
}
