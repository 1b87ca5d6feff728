/**
 * How the peer's helpers for GPU names, memory and capability are answered by the table of models.
 * The peer keeps one spelling per cloud and a smaller table; where that alone makes the difference,
 * the vector is skipped, by rule and with the reason.
 */
import { findGpu, gpuModels, gpusNamed, isSuperchip } from '#domain/gpu-models'
import { mibPerGb } from '#domain/memory'
import { acceleratorsOf } from '../embed/azure-gpus.ts'

/** One call: its arguments, and what the peer returned, or undefined where it raised. */
export interface Call {
  readonly args: readonly unknown[]
  readonly result: unknown
}

type Verdict =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'differs'; readonly got: unknown }
  | { readonly kind: 'skip'; readonly reason: string }

export type Rule = (call: Call) => Verdict

const agrees: Verdict = { kind: 'agrees' }
const skip = (reason: string): Verdict => ({ kind: 'skip', reason })

const compare = (expected: unknown, got: unknown): Verdict =>
  JSON.stringify(expected) === JSON.stringify(got) ? agrees : { kind: 'differs', got }

const textAt = (call: Call, index: number): string => {
  const value = call.args[index]
  return typeof value === 'string' ? value : ''
}

const canonical = (spelling: string): string | null => gpusNamed(spelling)[0]?.name ?? null

const sameName = (left: string, right: string): boolean =>
  left.toLowerCase() === right.toLowerCase()

/** The peer compares whole names; the table also takes aliases, blanks, and has more models. */
const widerTable = (call: Call): Verdict | null => {
  const name = canonical(textAt(call, 0))
  return call.result === null && name !== null
    ? skip('the peer finds no model where the table has an alias or a further model')
    : null
}

/** NVIDIA gives 10.3 for Blackwell Ultra; the peer has it as 10.0. */
const blackwellUltra = new Set(['B300', 'GB300'])

const capabilityRule: Rule = (call) => {
  const model = gpusNamed(textAt(call, 0))[0]
  const got = model?.computeCapability ?? null
  if (model && blackwellUltra.has(model.name) && JSON.stringify(call.result) === '[10,0]')
    return skip('the compute capability of Blackwell Ultra is 10.3')
  return got === null ? compare(call.result, null) : (widerTable(call) ?? compare(call.result, got))
}

const vendorRule: Rule = (call) =>
  widerTable(call) ?? compare(call.result, gpusNamed(textAt(call, 0))[0]?.vendor ?? null)

const superchipRule: Rule = (call) => compare(call.result, isSuperchip(textAt(call, 0)))

/** Figures that the peer has differently, against the data sheets of the maker. */
const correctedMemory = new Set(['MI308X', 'MI325X'])

/** Sizes that the peer's table lacks: it rounds what is near them. */
const furtherSizes = new Set(['P100 12', 'RTX3080 12', 'GH200 144'])

const peersTolerance = 0.07

const memoryRule: Rule = (call) => {
  const [, reportedMib] = call.args
  if (typeof reportedMib !== 'number') return skip('no memory is given')
  if (call.result === undefined) return skip('the peer raises for accelerators of unknown memory')
  const sizes = gpusNamed(textAt(call, 0))
  const model = findGpu(textAt(call, 0), reportedMib)
  if (!model)
    return sizes.some(({ memoryMib }) => memoryMib === Number(call.result) * mibPerGb)
      ? { kind: 'differs', got: null }
      : skip('memory near no size of a model is no model here; the peer rounds it')
  const gotGb = model.memoryMib / mibPerGb
  if (gotGb === call.result) return agrees
  if (Math.abs(reportedMib - model.memoryMib) / model.memoryMib > peersTolerance)
    return skip('the nearest size is 7 to 8 % away: taken here, rounded by the peer')
  if (correctedMemory.has(model.name) || furtherSizes.has(`${model.name} ${gotGb}`))
    return skip('the peer lacks this size of the model')
  return { kind: 'differs', got: gotGb }
}

const namesRule: Rule = (call) => {
  const name = textAt(call, 0)
  const got = gpuModels
    .filter((model) => sameName(model.name, name))
    .map((model) => [model.name, model.vendor, model.memoryMib / mibPerGb])
  const expected = Array.isArray(call.result) ? call.result : []
  const verdict = compare(expected, got)
  if (verdict.kind === 'agrees') return verdict
  if (expected.some((row) => Array.isArray(row) && row[2] === 0))
    return skip('the peer knows no memory of TPUs')
  const printed = new Set(got.map((row) => JSON.stringify(row)))
  if (expected.every((row) => printed.has(JSON.stringify(row))))
    return skip('the table has further models or sizes')
  if (got.some(([model]) => correctedMemory.has(String(model))))
    return skip('the peer has a memory that the data sheet of the maker does not have')
  return verdict
}

/** A cloud's spelling leads to the canonical name. */
const spellingRule =
  (read: (text: string) => string | null): Rule =>
  (call) => {
    const got = read(textAt(call, 0))
    if (typeof call.result !== 'string')
      return got === null ? compare(call.result, null) : skip('the peer leaves this model out')
    if (got !== null && sameName(got, call.result)) return agrees
    const known = canonical(call.result)
    if (known === null) return skip('the peer makes up a name for a model of no table')
    if (got === known) return skip('the peer has two names for this model')
    return { kind: 'differs', got }
  }

const plainSpelling = spellingRule(canonical)

/** `8x B200 SXM6 180GB`: the count is not the table's business. */
const withoutCount = (text: string): string => text.replace(/^\d+x /, '')

const describedModel = (text: string) =>
  findGpu(withoutCount(text)) ?? gpusNamed(withoutCount(text))[0] ?? null

const descriptionRule = spellingRule((text) => describedModel(text)?.name ?? null)

/** Every spelling the peer asks the cloud for leads back to the model. */
const backwardsRule: Rule = (call) => {
  const name = canonical(textAt(call, 0))
  const spellings = Array.isArray(call.result) ? call.result.map(String) : []
  if (spellings.length === 0) return skip("the peer's list of the cloud's spellings has none")
  if (name === null) return skip('the peer makes up a name for a model of no table')
  const astray = spellings.filter((spelling) => canonical(spelling) !== name)
  return astray.length === 0 ? agrees : { kind: 'differs', got: astray }
}

type NameAndMemory = readonly [name: string, memoryGb: number] | null

const compareBoth = (expected: unknown, got: NameAndMemory): Verdict => {
  if (got === null) return compare(expected, null)
  if (expected === null || (Array.isArray(expected) && expected[0] === null))
    return skip('the peer leaves this model out')
  const pair: readonly unknown[] = Array.isArray(expected) ? expected : []
  const [name, memoryGb] = pair
  if (typeof name !== 'string') return { kind: 'differs', got }
  if (memoryGb === null)
    return sameName(name, got[0])
      ? skip('the peer knows no memory of it')
      : { kind: 'differs', got }
  return compare([name.toLowerCase(), memoryGb], [got[0].toLowerCase(), got[1]])
}

const azureRule: Rule = (call) => {
  const found = acceleratorsOf(textAt(call, 0))
  if (found.kind === 'unknown') return skip('a size that no embedded price is of')
  if (found.kind !== 'gpu') return compare(call.result, [null, null])
  // The peer calls a slice by the name of the card; here it is a model of its own.
  const name = found.gpu.name.replace(/-1\/\d+$/, '')
  return compareBoth(call.result, [name, found.gpu.memoryMib / mibPerGb])
}

const sizedRule: Rule = (call) => {
  const memoryGb = Number(call.args[1] ?? Number.NaN)
  const model = findGpu(textAt(call, 0), Number.isNaN(memoryGb) ? undefined : memoryGb * mibPerGb)
  return compareBoth(call.result, model && [model.name, model.memoryMib / mibPerGb])
}

const lambdaRule: Rule = (call) => {
  const model = findGpu(withoutCount(textAt(call, 0)))
  const expected = Array.isArray(call.result) ? call.result.slice(1) : call.result
  return compareBoth(expected, model && [model.name, model.memoryMib / mibPerGb])
}

const awsMemoryRule: Rule = (call) => {
  const [, reportedMib] = call.args
  const model = findGpu(textAt(call, 0), Number(reportedMib))
  if (!model) return skip('a figure far from every size is refused; the peer overrides it')
  if (call.result === Number(reportedMib) / mibPerGb && call.result !== model.memoryMib / mibPerGb)
    return skip("the peer keeps the API's figure; here it is the nominal size")
  return compare(call.result, model.memoryMib / mibPerGb)
}

export const rules: ReadonlyMap<string, Rule> = new Map([
  ['get_compute_capability', capabilityRule],
  ['get_gpu_vendor', vendorRule],
  ['is_nvidia_superchip', superchipRule],
  ['correct_gpu_memory_gib', memoryRule],
  ['find_accelerators_names', namesRule],
  ['vastai.get_dstack_gpu_name', plainSpelling],
  ['vastai.get_vastai_gpu_names', backwardsRule],
  ['runpod._get_nvidia_gpu_name', descriptionRule],
  ['runpod._get_amd_gpu_name', plainSpelling],
  ['verda.get_gpu_name', descriptionRule],
  ['azure.get_gpu_name_memory', azureRule],
  ['lambdalabs._parse_description', lambdaRule],
  ['aws._get_gpu_memory_gib', awsMemoryRule],
  ['seeweb._normalize_gpu', sizedRule],
  ['jarvislabs._gpu_name_and_memory', sizedRule],
])

/** Functions that no look-up of models answers, and where the work is done instead. */
export const elsewhere: ReadonlyMap<string, string> = new Map([
  ['parse_compute_capability', 'capabilities are read with the configuration, by its rules'],
  ['vastai.get_location', 'regions of marketplaces are not derived'],
  ['vastai.compute_cap', "a filter of the cloud's API; no API is called"],
  ['runpod._cpu_size_ladder', 'CPU pods are not derived from a ladder'],
  ['oci.get_gpu_name', 'OCI shapes are not embedded'],
  [
    'azure.is_retired',
    'retirement is not judged by name; sizes without specifications are left out',
  ],
  ['gcp.extract_tpu_version', 'TPU price lists are not embedded'],
  ['gcp.get_no_of_chips', 'TPU price lists are not embedded'],
  ['gcp.get_vm_family', 'prices are not assembled from components'],
  ['aws._parse_memory', 'memory is read in MiB from DescribeInstanceTypes'],
  ['aws._parse_gpu_count', 'counts are read as numbers from DescribeInstanceTypes'],
])
