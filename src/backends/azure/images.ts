/** Which image a machine starts from: of the marketplace, without a plan that has to be accepted. */
import type { Offer } from '#domain/offer'

export interface Image {
  readonly reference: {
    readonly publisher: string
    readonly offer: string
    readonly sku: string
  }
  /** The image itself fills a part of it; Azure refuses less. */
  readonly leastDiskGib: number
}

const plain = (sku: string): Image => ({
  reference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku },
  leastDiskGib: 30,
})

/** Ubuntu with a driver, Docker and its toolkit for accelerators. */
const withDriver = (sku: string): Image => ({
  reference: { publisher: 'microsoft-dsvm', offer: 'ubuntu-hpc', sku },
  leastDiskGib: 64,
})

/** Null for accelerators that no image known here has a driver for: NV sizes need a licensed one. */
export const imageOf = ({ instanceType }: Offer): Image | null => {
  const { name, gpu, architecture } = instanceType
  const isArm = architecture === 'arm64'
  if (gpu === null) return plain(isArm ? 'server-arm64' : 'server')
  if (isArm || name.startsWith('Standard_NV')) return null
  if (gpu.vendor === 'amd') return withDriver('2204-rocm')
  return gpu.vendor === 'nvidia' ? withDriver('2204') : null
}
