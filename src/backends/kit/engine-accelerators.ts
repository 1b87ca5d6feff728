/** Whether a container has the accelerators that were asked for: Podman may take a request and drop it. */
import type Docker from 'dockerode'

export class AcceleratorNotGiven extends Error {
  constructor(count: number) {
    const wanted = count === 1 ? 'a GPU' : `${count} GPUs`
    super(
      `gpu not given: the engine has started the container without ${wanted}; ` +
        'the API of Podman that Docker clients use ignores such requests, Docker does not',
    )
    this.name = 'AcceleratorNotGiven'
  }
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const listIn = (value: unknown, name: string): readonly unknown[] => {
  const list = property(value, name)
  return Array.isArray(list) ? list : []
}

/** Nodes that drivers make, or a CDI name such as `nvidia.com/gpu=all`. */
const acceleratorDevice = /^\/dev\/(?:nvidia\d|kfd|dri|accel|vfio|dxg)|^[^/]+\/[^=]+=/

/**
 * Docker keeps the request, and starts nothing that it cannot give; Podman forgets it, and shows the
 * devices that a started container has.
 */
export const hasAccelerators = (hostConfig: unknown): boolean =>
  listIn(hostConfig, 'DeviceRequests').length > 0 ||
  listIn(hostConfig, 'Devices').some((device) => {
    const path = property(device, 'PathOnHost')
    return typeof path === 'string' && acceleratorDevice.test(path)
  })

/** Throws AcceleratorNotGiven for a container that lacks what was asked for. */
export const assertAccelerators = async (
  container: Docker.Container,
  count: number,
): Promise<void> => {
  if (count === 0) return
  const { HostConfig } = await container.inspect()
  if (!hasAccelerators(HostConfig)) throw new AcceleratorNotGiven(count)
}
