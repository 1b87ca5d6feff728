import { interpolate } from '#configuration/interpolate'
import type { Chapter } from './chapter.ts'
import { attempt, idOf, judge, vectorsOf } from './compare.ts'

const variables = new Map([['run.args', '--lr 0.1']])

/** Texts with references; the arguments of the run are `--lr 0.1`. */
export const interpolation: Chapter = {
  file: 'interpolation.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file))
      yield judge(
        idOf(vector),
        vector['ok'] === true ? { value: vector['value'] } : null,
        attempt(() => interpolate(String(vector['input']), variables)),
      )
  },
}
