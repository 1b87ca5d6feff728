import { describe, expect, test } from 'vitest'
import { hasAccelerators } from '#backends/kit/engine-accelerators'

const device = (path: string) => ({ Devices: [{ PathOnHost: path, PathInContainer: path }] })

describe('a container has accelerators', () => {
  test.each([
    ['where Docker has kept the request', { DeviceRequests: [{ Count: 1 }], Devices: [] }],
    ['where it has the nodes of a driver', device('/dev/nvidia0')],
    ['where it has a device by its CDI name', device('nvidia.com/gpu=all')],
    ['where it has those of AMD', device('/dev/kfd')],
  ])('%s', (_, hostConfig) => {
    expect(hasAccelerators(hostConfig)).toBe(true)
  })

  test.each([
    ['where Podman shows none', { DeviceRequests: null, Devices: [] }],
    ['where nothing is told', {}],
    ['where the device is another', device('/dev/fuse')],
    ['where it has the control node alone', device('/dev/nvidiactl')],
  ])('but not %s', (_, hostConfig) => {
    expect(hasAccelerators(hostConfig)).toBe(false)
  })
})
