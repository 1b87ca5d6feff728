/** Which image a machine starts from: a public parameter, which EC2 resolves as it launches. */
import { compareCapability } from '#domain/gpu'
import type { Offer } from '#domain/offer'

interface Image {
  /** As RunInstances takes it. */
  readonly id: string
  readonly rootDevice: string
  /** The image itself fills a part of it; EC2 refuses less. */
  readonly leastDiskGib: number
}

const plain = (architecture: 'amd64' | 'arm64'): Image => ({
  id: `resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/${architecture}/hvm/ebs-gp3/ami-id`,
  rootDevice: '/dev/sda1',
  leastDiskGib: 8,
})

/** Ubuntu with Docker, NVIDIA's open driver and its container toolkit. */
const withDriver = (architecture: 'x86_64' | 'arm64'): Image => ({
  id: `resolve:ssm:/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id`,
  rootDevice: '/dev/sda1',
  leastDiskGib: 100,
})

/** Turing: what came before has no open driver. */
const oldestDriven = [7, 5] as const

/** Null for accelerators that no image known here has a driver for. */
export const imageOf = ({ instanceType: { gpu, architecture } }: Offer): Image | null => {
  const isArm = architecture === 'arm64'
  if (gpu === null) return plain(isArm ? 'arm64' : 'amd64')
  const { vendor, computeCapability } = gpu
  if (vendor !== 'nvidia') return null
  const isOld = computeCapability !== null && compareCapability(computeCapability, oldestDriven) < 0
  return isOld ? null : withDriver(isArm ? 'arm64' : 'x86_64')
}
