/** What `run` throws; a run that does not throw is a failure of the test. */
export const caught = <Type extends Error>(
  type: new (...given: never[]) => Type,
  run: () => unknown,
): Type => {
  try {
    run()
  } catch (error) {
    if (error instanceof type) return error
    throw error
  }
  throw new Error(`no ${type.name} was thrown`)
}
