import { nearest } from '#domain/spelling'

const slice = /-1\/\d+$/

/** The model meant by a name that no offer carries: by a known alias, else by spelling. */
export const nearestGpu = async (
  name: string,
  known: readonly string[],
): Promise<string | null> => {
  const { findGpu, gpusNamed } = await import('#domain/gpu-models')
  return findGpu(name)?.name ?? gpusNamed(name)[0]?.name ?? nearest(name, known)
}

/** The names that are in no table of GPUs; a slice counts as its card. */
export const warnOfGpuNames = async (names: readonly string[]): Promise<readonly string[]> => {
  const { gpuModels } = await import('#domain/gpu-models')
  const known = gpuModels.map((model) => model.name)
  const lower = new Set(known.map((name) => name.toLowerCase()))
  const unknown = names.filter((name) => !lower.has(name.toLowerCase().replace(slice, '')))
  return Promise.all(
    unknown.map(async (name) => {
      const near = await nearestGpu(name, known)
      return `GPU "${name}" is not known${near === null ? '' : `; did you mean ${near}?`}`
    }),
  )
}
