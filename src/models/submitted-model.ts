/** A model as it is kept with its run: with all that its prompts need. */
import type { Model } from '#domain/configuration'
import type { HubOptions } from './hub-files.ts'
import { loadPrompt } from './prompts.ts'
import { newTemplateProcess } from './template-process.ts'

export interface SubmissionOptions extends HubOptions {
  /** The service's own, which may hold the token that its replicas download the model with. */
  readonly runVariables: ReadonlyMap<string, string>
}

const tokenNames = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']

const withTokenOf = ({ environment, runVariables }: SubmissionOptions) => {
  const given = tokenNames.map((name) => runVariables.get(name) ?? '').find((one) => one !== '')
  return given === undefined ? environment : { ...environment, HF_TOKEN: given }
}

/**
 * Asks the hub for what the configuration leaves out, so that whoever serves the run needs none.
 * Throws a PromptError where no prompt can be made for the model.
 */
export const withPrompt = async (
  model: Model | null,
  options: SubmissionOptions,
): Promise<Model | null> => {
  if (model?.format !== 'tgi') return model
  const templates = newTemplateProcess()
  try {
    const { clock } = options
    const hub = { environment: withTokenOf(options), clock, templates }
    const { template, eosToken } = await loadPrompt(model, hub)
    return { ...model, chatTemplate: template.text, eosToken }
  } finally {
    templates.close()
  }
}
