/** The files that machines of this backend leave for the next process to find. */
import * as z from 'zod/mini'

const machine = z.object({
  tags: z.object({
    owner: z.string(),
    run: z.string(),
    attempt: z.string(),
    expiresAt: z.string(),
  }),
  createdAt: z.string(),
  port: z.number(),
  wantedPort: z.number(),
})

const supervisor = z.object({ pid: z.number(), birth: z.string() })

const exit = z.object({
  exitCode: z.nullable(z.number()),
  signal: z.nullable(z.string()),
  reason: z.nullable(z.string()),
})

export const machineFile = (value: unknown) => machine.parse(value)
export const supervisorFile = (value: unknown) => supervisor.parse(value)
export const exitFile = (value: unknown) => exit.parse(value)
