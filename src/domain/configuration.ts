import type { ProfileKeys } from './profile.ts'
import type { Resources } from './resources.ts'

export interface PortMapping {
  /** The port on the user's machine; a bare `port: 8000` stands for 80 on this side. */
  readonly localPort: number | null
  readonly containerPort: number
}

export type Model =
  | {
      readonly format: 'openai'
      readonly type: 'chat'
      readonly name: string
      readonly prefix: string
    }
  | {
      readonly format: 'tgi'
      readonly type: 'chat'
      readonly name: string
      readonly chatTemplate: string | null
      readonly eosToken: string | null
    }

export interface Scaling {
  readonly metric: 'rps'
  /** Requests per second that one replica should serve. */
  readonly target: number
  readonly scaleUpDelaySeconds: number
  readonly scaleDownDelaySeconds: number
}

interface RegistryAuth {
  readonly username: string
  readonly password: string
}

/** An environment variable: a value, or a name whose value must come from outside. */
export type Variable = { readonly value: string } | { readonly required: true }

export const pythonVersions = ['3.8', '3.9', '3.10', '3.11', '3.12'] as const
export type PythonVersion = (typeof pythonVersions)[number]

/** What every type of configuration says, normalised: no shorthands, units in the names. */
export interface CommonConfiguration extends ProfileKeys {
  readonly image: string | null
  readonly entrypoint: string | null
  readonly homeDir: string
  readonly registryAuth: RegistryAuth | null
  readonly python: PythonVersion | null
  readonly env: ReadonlyMap<string, Variable>
  readonly setup: readonly string[]
  readonly resources: Resources
}

export interface ServiceConfiguration extends CommonConfiguration {
  readonly type: 'service'
  readonly commands: readonly string[]
  readonly port: PortMapping
  readonly model: Model | null
  readonly auth: boolean
  /** Both ends closed; equal ends are a fixed number. */
  readonly replicas: { readonly min: number; readonly max: number }
  readonly scaling: Scaling | null
}

export interface TaskConfiguration extends CommonConfiguration {
  readonly type: 'task'
  readonly commands: readonly string[]
  readonly ports: readonly PortMapping[]
  readonly nodes: number
}

export interface DevEnvironmentConfiguration extends CommonConfiguration {
  readonly type: 'dev-environment'
  readonly ports: readonly PortMapping[]
  readonly ide: 'vscode'
  readonly version: string | null
  readonly init: readonly string[]
}

export type Configuration = ServiceConfiguration | TaskConfiguration | DevEnvironmentConfiguration

export type ConfigurationType = Configuration['type']
