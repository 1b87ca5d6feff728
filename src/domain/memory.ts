/**
 * Sizes of memory and disk. Inside, always MiB; a GB of a configuration is 1024 MiB, as in dstack.
 */
export const mibPerGb = 1024

/** `8GB`, `0.5GB`, `1024GB`: one unit, so that two sizes are compared at a glance. */
export const printMemory = (mib: number): string => `${Number((mib / mibPerGb).toPrecision(6))}GB`
