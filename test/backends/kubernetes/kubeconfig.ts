/** A kubeconfig of one context, for a server of a test. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const contextOf = (server: string, token: string) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'test',
  contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'dstack' } }],
  clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'test', user: { token } }],
})

/** Its path. */
export const kubeconfigIn = (folder: string, server: string, token = 'valid'): string => {
  const path = join(folder, token)
  writeFileSync(path, JSON.stringify(contextOf(server, token)))
  return path
}
