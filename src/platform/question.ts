/** Asks whoever sits at the terminal. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY

/** One line; empty where the input ends. The question goes to standard error. */
export const askLine = async (question: string): Promise<string> => {
  const { createInterface } = await import('node:readline')
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  return new Promise((resolve) => {
    reader.once('close', () => resolve(''))
    reader.question(question, (answer) => {
      resolve(answer)
      reader.close()
    })
  })
}
