/** Proofs that a name leads here, for whoever issues certificates (HTTP-01). */
const folder = '/.well-known/acme-challenge/'

export interface Challenges {
  put(token: string, proof: string): void
  remove(token: string): void
  /** To a path, query and all; null where nothing was asked for by it. */
  answer(path: string): string | null
}

export const newChallenges = (): Challenges => {
  const proofs = new Map<string, string>()
  return {
    put: (token, proof) => {
      proofs.set(token, proof)
    },
    remove: (token) => {
      proofs.delete(token)
    },
    answer: (path) =>
      path.startsWith(folder) ? (proofs.get(path.slice(folder.length)) ?? null) : null,
  }
}
