/** Offers counted by the filters that turn them away, and what follows from the counts. */
export class Tally {
  readonly #offers = new Map<number, number>()

  /** `failing` has a bit for each filter that fails, in their order. */
  add(failing: number, offers: number): void {
    if (offers > 0) this.#offers.set(failing, (this.#offers.get(failing) ?? 0) + offers)
  }

  get total(): number {
    return this.#sum(() => true)
  }

  get matched(): number {
    return this.#offers.get(0) ?? 0
  }

  /** Offers that pass the first `filters` filters. */
  passing(filters: number): number {
    return this.#sum((failing) => (failing & ((1 << filters) - 1)) === 0)
  }

  /**
   * Offers that would match if only the filter at `index` were dropped. Of regions it cannot tell:
   * outside them, nobody looked at prices.
   */
  without(index: number): number {
    return this.#sum((failing) => (failing & ~(1 << index)) === 0)
  }

  #sum(counts: (failing: number) => boolean): number {
    let sum = 0
    for (const [failing, offers] of this.#offers) if (counts(failing)) sum += offers
    return sum
  }
}
