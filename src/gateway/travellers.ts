/** The requests that are under way at one service. */

/** A request that is under way, as its door sees it. */
export interface Traveller {
  /** Where it stands in the list; written by the list alone. */
  place: number
  /** Ends it now, whatever its state. */
  cut(): void
}

/**
 * An array instead of a Set: a Set that is added to and deleted from all the time grows into new
 * tables, and each old one keeps the next, and the requests in it, alive past many collections. That
 * alone made collections cost four times as much.
 */
export class Travellers {
  private readonly list: Traveller[] = []

  get size(): number {
    return this.list.length
  }

  add(traveller: Traveller): void {
    traveller.place = this.list.length
    this.list.push(traveller)
  }

  remove(traveller: Traveller): void {
    const { place } = traveller
    if (this.list[place] !== traveller) return
    const last = this.list.pop()
    if (last === undefined || last === traveller) return
    last.place = place
    this.list[place] = last
  }

  cutAll(): void {
    for (const traveller of this.list.slice()) traveller.cut()
  }
}
