/** Answers of earlier runs on disk, for conditional requests. Losing them costs a download. */
import { join } from 'node:path'
import { makeAside } from '#platform/derived-files'
import { digestLines } from '#platform/digest'
import type { AnswerStash, StashedAnswer } from '#platform/http'
import { readTextFile, writeTextFile } from '#platform/text-files'

const isAnswer = (value: unknown): value is StashedAnswer =>
  typeof value === 'object' &&
  value !== null &&
  'etag' in value &&
  (value.etag === null || typeof value.etag === 'string') &&
  'lastModified' in value &&
  (value.lastModified === null || typeof value.lastModified === 'string') &&
  'text' in value &&
  typeof value.text === 'string'

/** What is broken or cannot be read is not there. */
const readAnswer = (file: string): StashedAnswer | null => {
  try {
    const value: unknown = JSON.parse(readTextFile(file) ?? 'null')
    return isAnswer(value) ? value : null
  } catch {
    return null
  }
}

export const answerStash = (folder: string): AnswerStash => {
  const fileOf = (url: string): string => join(folder, `${digestLines([url])}.json`)
  return {
    get: (url) => readAnswer(fileOf(url)),
    put: (url, answer) => {
      try {
        makeAside(fileOf(url), (aside) => writeTextFile(aside, JSON.stringify(answer)))
      } catch {
        // A disk that takes no more must not stop a refresh that has its answer.
      }
    },
  }
}
