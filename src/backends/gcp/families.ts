/** Which prices a machine is the sum of: the family of its name, and the spelling of its SKUs. */

interface Family {
  /** What the names of its machines begin with; the longest that fits counts. */
  readonly prefix: string
  /** Before ` Core` and ` Ram` in a SKU's description; all that are named are added up. */
  readonly bases: readonly string[]
  /** One price for the whole machine, instead of vCPU and memory. */
  readonly flat?: string
  /** What one accelerator costs contains vCPU, memory and disks. */
  readonly allInOne?: boolean
  readonly arm?: boolean
  /** As machine types name it. */
  readonly accelerator?: string
  /** Local SSD of its own price. */
  readonly localSsd?: string
}

const memoryOptimized = 'Memory-optimized Instance'

const families: readonly Family[] = [
  { prefix: 'a2-', bases: ['A2 Instance'], accelerator: 'nvidia-tesla-a100' },
  { prefix: 'a2-ultragpu-', bases: ['A2 Instance'], accelerator: 'nvidia-a100-80gb' },
  { prefix: 'a3-highgpu-', bases: ['A3 Instance'], accelerator: 'nvidia-h100-80gb' },
  { prefix: 'a3-megagpu-', bases: ['A3Plus Instance'], accelerator: 'nvidia-h100-mega-80gb' },
  { prefix: 'a3-ultragpu-', bases: ['A3Ultra Instance'], accelerator: 'nvidia-h200-141gb' },
  { prefix: 'a4-', bases: [], allInOne: true, accelerator: 'nvidia-b200' },
  { prefix: 'c2-', bases: ['Compute optimized'] },
  { prefix: 'c2d-', bases: ['C2D AMD Instance'] },
  { prefix: 'c3-', bases: ['C3 Instance'] },
  { prefix: 'c3d-', bases: ['C3D Instance'] },
  { prefix: 'c4-', bases: ['C4 Instance'], localSsd: 'C4 Instance Local SSD' },
  { prefix: 'c4a-', bases: ['C4A Arm Instance'], arm: true, localSsd: 'C4A Instance Local SSD' },
  { prefix: 'c4d-', bases: ['C4D Instance'], localSsd: 'C4D Instance Local SSD' },
  { prefix: 'c4n-', bases: ['C4N Instance'] },
  { prefix: 'e2-', bases: ['E2 Instance'] },
  { prefix: 'f1-micro', bases: [], flat: 'Micro Instance with burstable CPU' },
  { prefix: 'g1-small', bases: [], flat: 'Small Instance with 1 VCPU' },
  { prefix: 'g2-', bases: ['G2 Instance'], accelerator: 'nvidia-l4' },
  { prefix: 'g4-', bases: ['G4 Instance'], accelerator: 'nvidia-rtx-pro-6000' },
  { prefix: 'h3-', bases: ['H3 Instance'] },
  { prefix: 'h4d-', bases: ['H4D Instance'], localSsd: 'H4D Instance Local SSD' },
  { prefix: 'm1-', bases: [memoryOptimized] },
  {
    prefix: 'm2-',
    bases: [memoryOptimized, `Memory Optimized Upgrade Premium for ${memoryOptimized}`],
  },
  { prefix: 'm3-', bases: ['M3 Memory-optimized Instance'] },
  { prefix: 'm4-', bases: ['M4 Instance'] },
  { prefix: 'm4-ultramem-224', bases: ['M4Ultramem224 Instance'] },
  { prefix: 'm4n-', bases: ['M4N Instance'] },
  { prefix: 'n1-standard-', bases: ['N1 Predefined Instance'] },
  { prefix: 'n1-highmem-', bases: ['N1 Predefined Instance'] },
  { prefix: 'n1-highcpu-', bases: ['N1 Predefined Instance'] },
  { prefix: 'n2-', bases: ['N2 Instance'] },
  { prefix: 'n2d-', bases: ['N2D AMD Instance'] },
  { prefix: 'n4-', bases: ['N4 Instance'] },
  { prefix: 'n4a-', bases: ['N4A Instance'], arm: true },
  { prefix: 'n4d-', bases: ['N4D Instance'] },
  { prefix: 't2a-', bases: ['T2A Arm Instance'], arm: true },
  { prefix: 't2d-', bases: ['T2D AMD Instance'] },
  { prefix: 'z3-', bases: ['Z3 Instance'] },
]

export const plainLocalSsd = 'SSD backed Local Storage'

const byLength = families.toSorted((left, right) => right.prefix.length - left.prefix.length)

export const familyOf = (machine: string): Family | null =>
  byLength.find(({ prefix }) => machine.startsWith(prefix)) ?? null

/** Families built around accelerators: where one is not told, they are no CPU machines. */
export const isAccelerated = (machine: string): boolean =>
  /^(a\d+x?|g([2-9]|\d{2,})|ct\d+\w*|tpu\w*)-/.test(machine)

/** Types that have an on-demand price and are sold as spot, by reservation or by schedule only. */
export const isNotOnDemand = (machine: string): boolean =>
  /^(a3-highgpu-[1-7]g|a3-ultragpu-|a4x?-)/.test(machine)

/** Descriptions of parts of machines, without their places. */
export const partLabels: ReadonlySet<string> = new Set([
  ...families.flatMap(({ bases }) => bases.flatMap((base) => [`${base} Core`, `${base} Ram`])),
  ...families.flatMap(({ flat, localSsd }) => [flat, localSsd].filter((one) => one !== undefined)),
  plainLocalSsd,
])

/** What c2 is called in some regions only. */
export const otherSpellings: ReadonlyMap<string, string> = new Map([
  ['Compute optimized Instance Core', 'Compute optimized Core'],
  ['Compute optimized Instance Ram', 'Compute optimized Ram'],
])
