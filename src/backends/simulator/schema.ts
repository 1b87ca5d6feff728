/** The simulated cloud as its file holds it. */
import { z } from 'zod'
import type { CloudState } from './cloud.ts'

const tags = z.object({
  owner: z.string(),
  run: z.string(),
  attempt: z.string(),
  expiresAt: z.string(),
})

const machine = z.object({
  id: z.string(),
  name: z.string(),
  tags: tags.nullable(),
  offerId: z.string(),
  region: z.string(),
  rateNanoUsd: z.number(),
  createdMs: z.number(),
  visibleMs: z.number(),
  runningMs: z.number(),
  addressMs: z.number(),
  failedMs: z.number().nullable(),
  reclaimedMs: z.number().nullable(),
  goneMs: z.number().nullable(),
})

const sideObject = z.object({
  kind: z.enum(['key', 'disk']),
  id: z.string(),
  region: z.string(),
  isShared: z.boolean(),
  tags: tags.nullable(),
})

const state = z.object({
  seed: z.number(),
  calls: z.number(),
  machines: z.array(machine),
  sideObjects: z.array(sideObject),
  totals: z.object({ made: z.number(), doubles: z.number(), costNanoUsd: z.number() }),
})

/** Throws where it is something else. */
export const readCloudState = (text: string): CloudState => state.parse(JSON.parse(text))
