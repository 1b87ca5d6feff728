/** The model server, where its own packages are installed, and a model that is made for it. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const modelServerFolder = fileURLToPath(new URL('model-server', import.meta.url))

/** Why it cannot be tried here; null where it can. */
export const whyNoModelServer = (): string | null => {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'llama.cpp is here for linux-x64'
  const isInstalled = existsSync(join(modelServerFolder, 'node_modules', 'node-llama-cpp'))
  return isInstalled ? null : 'run `npm ci --prefix test/serving/model-server` first'
}

export const makeModel = (folder: string): string => {
  const file = join(folder, 'model.gguf')
  const script = join(modelServerFolder, 'generate-model.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`no model was made: ${stderr}`)
  return file
}

export interface ModelService {
  readonly command: string
  readonly model: string
  readonly more: string
}

/** A service of it, as far as it is the same everywhere. */
export const modelService = ({ command, model, more }: ModelService): string => `type: service
commands:
  - exec ${command}
port: 8000
env:
  - MODEL=${model}
model:
  type: chat
  name: ${model}
  format: openai
resources:
  cpu: 1..
  memory: 0.5GB..
  disk: 50GB..
${more}`

export const localModelService = (folder: string, model: string, more: string): string => {
  const command = `node ${join(modelServerFolder, 'serve.mjs')} ${makeModel(folder)}`
  return modelService({ command, model, more })
}
