import { expect, test } from 'vitest'
import { type AwsKeys, formType, signatureHeaders } from '#backends/aws/sigv4'
import type { UnsignedCall } from '#backends/kit/io'

/** Keys, scope and time of the test suite that AWS publishes for version 4. */
const keys: AwsKeys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: null,
}
const scope = { region: 'us-east-1', service: 'service' }

const call = (over: Partial<UnsignedCall> = {}): UnsignedCall => ({
  method: 'GET',
  url: new URL('https://example.amazonaws.com/'),
  body: '',
  instant: '2015-08-30T12:36:00Z',
  ...over,
})

const authorization = (signed: string, signature: string): string =>
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
  `SignedHeaders=${signed}, Signature=${signature}`

test.each([
  ['get-vanilla', call(), '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'post-vanilla',
    call({ method: 'POST' }),
    '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  ],
  [
    'get-vanilla-query-order-key-case',
    call({ url: new URL('https://example.amazonaws.com/?Param2=value2&Param1=value1') }),
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
])('%s of the published vectors', (_name, unsigned, signature) => {
  expect(signatureHeaders(unsigned, keys, scope)).toEqual({
    'x-amz-date': '20150830T123600Z',
    authorization: authorization('host;x-amz-date', signature),
  })
})

test('post-x-www-form-urlencoded of the published vectors', () => {
  const unsigned = call({ method: 'POST', body: 'Param1=value1' })
  expect(signatureHeaders(unsigned, keys, scope, formType)['authorization']).toBe(
    authorization(
      'content-type;host;x-amz-date',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ),
  )
})

test('a session token is sent and signed', () => {
  const headers = signatureHeaders(call(), { ...keys, sessionToken: 'a-token' }, scope)
  expect(headers['x-amz-security-token']).toBe('a-token')
  expect(headers['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,')
})
