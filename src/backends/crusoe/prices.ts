/**
 * List prices of an accelerator by the hour, on demand: CPUs, memory and local disks are in them. The
 * API tells none. From https://www.crusoe.ai/cloud/pricing, as two public ledgers quote it: 2026-07-16,
 * and MI300X 2026-07-31. The page asks to call for B200, GB200 and MI355X; older prices of A100 PCIe,
 * A40 and of CPU machines are not repeated there, and those of A100 SXM and L40S were no longer true.
 */
const usdPerGpu: ReadonlyMap<string, string> = new Map([
  ['A100-SXM-80GB', '2.3'],
  ['H100-SXM-80GB', '3.9'],
  ['H200-SXM-141GB', '4.29'],
  ['L40S-48GB', '1.5'],
  ['MI300X-192GB', '3.45'],
])

/** Null where the page has none. */
export const usdOfGpu = (type: string): string | null => usdPerGpu.get(type) ?? null
