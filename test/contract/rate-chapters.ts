/** The chapter on the pace of calls, which processes that know nothing of each other have to share. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newHttpOnce } from '#platform/http-once'
import { sharedStarts } from '#platform/shared-starts'
import { limits } from './adapter-under-test.ts'
import type { Chapters } from './chapters.ts'

const limit = { atOnce: 4, intervalMs: 100 }

export const rateChapters = ({ open, one, skip }: Chapters): void => {
  it('P16 keeps its calls apart from those of another process', async (test) => {
    if (one.callsByItself) return skip(test, 'P16', 'its client has a pace of its own')
    const under = await open()
    const { clock, provisioner, fake } = under
    const folder = mkdtempSync(join(tmpdir(), 'pace-'))
    const starts = [1, 2].map(() => sharedStarts(join(folder, 'starts.sqlite')))
    const doors = starts.map((own) => newHttpOnce({ limits, clock, starts: own }))
    const cameMs: number[] = []
    const { model } = fake
    fake.become({
      ...model,
      handle: (request) => {
        cameMs.push(clock.nowMs())
        return model.handle(request)
      },
    })
    try {
      for (let round = 0; round < 3; round++) {
        for (const http of doors)
          await provisioner.verify(under.io(undefined, undefined, { http, limit }))
      }
      expect(cameMs.length).toBeGreaterThanOrEqual(6)
      const gaps = cameMs.slice(1).map((ms, at) => ms - (cameMs[at] ?? 0))
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(limit.intervalMs)
    } finally {
      for (const own of starts) own.close()
      await Promise.all(doors.map((http) => http.close()))
      rmSync(folder, { recursive: true })
    }
    return undefined
  })
}
