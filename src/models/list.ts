/** The list of models: several runs under one name are one entry. */
import type { ServerResponse } from 'node:http'
import type { Json } from '#domain/json'
import type { Candidate } from './choose-run.ts'
import { modelNotFound } from './refusal.ts'

/** As old as the oldest of its runs; candidates come oldest first. */
const entryOf = ({ service, model }: Candidate): Json => ({
  id: model.name,
  object: 'model',
  created: Math.floor(service.submittedMs / 1000),
  owned_by: 'dstack-offers',
})

export const answerJson = (response: ServerResponse, value: Json): void => {
  const body = JSON.stringify(value)
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

export const answerList = (response: ServerResponse, candidates: readonly Candidate[]): void => {
  const firsts = new Map<string, Candidate>()
  for (const candidate of candidates) {
    const { name } = candidate.model
    if (!firsts.has(name)) firsts.set(name, candidate)
  }
  answerJson(response, { object: 'list', data: [...firsts.values()].map(entryOf) })
}

const decoded = (id: string): string => {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

/** `id` as it stands in the path; slashes of a name may be written as they are. */
export const answerOne = (
  response: ServerResponse,
  candidates: readonly Candidate[],
  id: string,
): void => {
  const name = decoded(id)
  const found = candidates.find(({ model }) => model.name === name)
  if (!found) throw modelNotFound(name)
  answerJson(response, entryOf(found))
}
