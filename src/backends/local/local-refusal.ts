/** This machine cannot run it as it is, whoever asks. */
export class LocalRefusal extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'LocalRefusal'
  }
}
