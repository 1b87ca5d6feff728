/** What the prompts of a model need, read before its service is launched. */
export { withPrompt } from '#models/submitted-model'
