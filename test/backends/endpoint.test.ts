import { expect, test } from 'vitest'
import { endpointOf, hostsOf } from '#backends/kit/endpoint'

const cloud = {
  name: 'big-cloud',
  endpoint: 'https://prices.example',
  hosts: { login: 'https://login.example', vms: 'https://vms.{region}.example' },
}

test('hosts are where the backend says', () => {
  expect(endpointOf(cloud, {})).toBe('https://prices.example')
  expect(hostsOf(cloud, {})).toEqual(cloud.hosts)
})

test('where the endpoint is moved, no host is left behind at the real cloud', () => {
  const environment = { DSTACK_OFFERS_ENDPOINT_BIG_CLOUD: 'http://127.0.0.1:9/' }
  expect(hostsOf(cloud, environment)).toEqual({
    login: 'http://127.0.0.1:9/login',
    vms: 'http://127.0.0.1:9/vms/{region}',
  })
})

test('a host can be moved alone', () => {
  const environment = { DSTACK_OFFERS_ENDPOINT_BIG_CLOUD_LOGIN: 'http://127.0.0.1:9' }
  expect(endpointOf(cloud, environment)).toBe('https://prices.example')
  expect(hostsOf(cloud, environment)).toEqual({ ...cloud.hosts, login: 'http://127.0.0.1:9' })
})

test('what is no address is refused by the name of its variable', () => {
  const environment = { DSTACK_OFFERS_ENDPOINT_BIG_CLOUD_LOGIN: 'login.example' }
  expect(() => hostsOf(cloud, environment)).toThrow(/DSTACK_OFFERS_ENDPOINT_BIG_CLOUD_LOGIN/)
})
