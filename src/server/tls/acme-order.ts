/** One order at an ACME directory: from a host name to a certificate and its key. */
import type { AcmeAccount } from './acme-account.ts'
import type { Challenges } from './challenges.ts'

/** Key and chain as one PEM text. Throws what the directory says, or that it says nothing. */
export const orderCertificate = async (
  host: string,
  account: AcmeAccount,
  challenges: Challenges,
): Promise<string> => {
  const client = await account.client()
  const { crypto } = await import('acme-client')
  const key = (await crypto.createPrivateEcdsaKey()).toString()
  const [, csr] = await crypto.createCsr({ altNames: [host] }, key)
  try {
    const chain = await client.auto({
      csr,
      challengePriority: ['http-01'],
      // From inside, the name may lead elsewhere or nowhere: what counts is how it looks from outside.
      skipChallengeVerification: true,
      challengeCreateFn: async (_, { type, token }, proof) => {
        if (type !== 'http-01') throw new Error(`"${host}" can be proven by ${type} only`)
        challenges.put(token, proof)
      },
      challengeRemoveFn: async (_, { token }) => challenges.remove(token),
    })
    return `${key.trimEnd()}\n${chain.trimStart()}`
  } catch (error) {
    account.forget()
    throw error
  }
}
