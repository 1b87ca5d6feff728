/** Where Nebius is asked: each service has a host of its own. */
export const endpoint = 'https://compute.api.nebius.cloud'

export const hosts = {
  tokens: 'https://tokens.iam.api.nebius.cloud',
  iam: 'https://cpl.iam.api.nebius.cloud',
  calculator: 'https://api.calculator.billing-data-plane.api.nebius.cloud',
  capacity: 'https://capacity-advisor.billing-cpl.api.nebius.cloud',
} as const

export type NebiusHost = 'compute' | keyof typeof hosts
