import type { ServiceConfiguration } from '#domain/configuration'
import { ArgumentError } from '#domain/errors'
import type { Workload } from '#domain/workload'
import type { Environment } from '#platform/environment'
import { defaultVariables } from './default-variables.ts'
import { jobOf, scriptOf } from './job.ts'

export interface WorkloadRequest {
  /** Run arguments filled in already. */
  readonly configuration: ServiceConfiguration
  /** The configuration's `env`, every name with its value. */
  readonly variables: ReadonlyMap<string, string>
  readonly runName: string
  readonly repositoryId: string
  /** Null where the project's files stay here. */
  readonly projectDirectory: string | null
  readonly maxDurationSeconds: number | null
  /** For `DSTACK_OFFERS_BASE_IMAGE`, the image of configurations that name none. */
  readonly environment: Environment
}

/** Where the project's files are found in a container. */
const workflowDirectory = '/workflow'

const setupNeedsCommands = (): ArgumentError =>
  new ArgumentError('"setup" needs commands to run before', {
    hint: 'write the command of the image under commands, or give an entrypoint',
  })

/** What follows `setup` takes its place, so that signals reach it. */
const commandLineOf = (configuration: ServiceConfiguration): readonly string[] | null => {
  const { commandLine } = jobOf(configuration)
  const { setup, entrypoint, commands } = configuration
  if (setup.length === 0) return commandLine
  if (commandLine === null) throw setupNeedsCommands()
  if (entrypoint !== null) {
    return ['/bin/sh', '-c', `${scriptOf(setup)} && exec "$@"`, 'sh', ...commandLine]
  }
  return [...commandLine.slice(0, -1), scriptOf([...setup, ...commands])]
}

const imageOf = ({ image }: ServiceConfiguration, job: string, environment: Environment): string =>
  image || environment['DSTACK_OFFERS_BASE_IMAGE'] || job

/** What one replica runs. Throws ArgumentError for what cannot run at all. */
export const workloadOf = (request: WorkloadRequest): Workload => {
  const { configuration, environment, runName, repositoryId, maxDurationSeconds } = request
  const { resources, homeDir, registryAuth, python } = configuration
  const commandLine = commandLineOf(configuration)
  const gpuCount = resources.gpu?.count.min ?? 0
  return {
    image: imageOf(configuration, jobOf(configuration).image, environment),
    ...(!configuration.image && { hostPython: python }),
    entrypoint: commandLine?.slice(0, 1) ?? null,
    command: commandLine?.slice(1) ?? null,
    environment: {
      ...defaultVariables({ runName, repositoryId, gpuCount }),
      ...Object.fromEntries(request.variables),
      HOME: homeDir,
    },
    workingDirectory: commandLine === null ? null : workflowDirectory,
    home: homeDir,
    port: configuration.port.containerPort,
    registryAuth,
    shmMib: resources.shmSizeMib,
    cpus: resources.cpu.min,
    memoryMib: resources.memoryMib.min,
    gpuCount,
    maxDurationSeconds,
    projectDirectory: request.projectDirectory,
  }
}
