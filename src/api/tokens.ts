/** Tokens: who may use services and models. */
export { parseDuration } from '#configuration/duration'
export { newIdentify } from '#tokens/identify'
export { stateOf, type Token } from '#tokens/token'
export { openTokens, type Tokens } from '#tokens/tokens'
