import { expect, test } from 'vitest'
import { printGreeting, serverUrls } from '../../src/cli/server-greeting.ts'

const here = { host: '0.0.0.0', port: 3000, tlsPort: null, domain: null }

test('without TLS a service is found by its path, whatever resolves names', () => {
  expect(serverUrls(here)).toEqual({
    url: 'http://127.0.0.1:3000',
    serviceUrl: 'http://127.0.0.1:3000/services/<run>/',
  })
})

test('with TLS nothing is printed that only leads on to TLS', () => {
  for (const domain of [null, 'example.com']) {
    const secure = { ...here, tlsPort: 8443, domain }
    const name = domain ?? 'localhost'
    expect(serverUrls(secure).serviceUrl).toBe(`https://<run>.${name}:8443`)
    const text = printGreeting({ ...secure, adminToken: null })
    expect(text).not.toContain('http://')
    expect(text).toContain(`https://gateway.${name}:8443/v1`)
  }
  expect(serverUrls({ ...here, tlsPort: 443, domain: 'example.com' }).serviceUrl).toBe(
    'https://<run>.example.com',
  )
})
