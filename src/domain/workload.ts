/**
 * What runs in a container, whoever starts it: a configuration with its defaults filled in, for one
 * replica. Values of `environment` and `registryAuth` are secrets: no command line, no log and no
 * message carries one.
 */
export interface Workload {
  /** Null where the backend runs commands without a container. */
  readonly image: string | null
  /**
   * There where the configuration names no image: `image` is the base image then, and a machine with
   * this Python can take its place; null is any Python, or none.
   */
  readonly hostPython?: string | null
  /** Null for the image's own. */
  readonly entrypoint: readonly string[] | null
  /** Null for the image's own. */
  readonly command: readonly string[] | null
  readonly environment: Readonly<Record<string, string>>
  /** Absolute in the container; null for the image's own. */
  readonly workingDirectory: string | null
  /** HOME in the container. */
  readonly home: string
  /** What the service listens on. */
  readonly port: number
  readonly registryAuth: { readonly username: string; readonly password: string } | null
  /** /dev/shm; null for the engine's default. */
  readonly shmMib: number | null
  /** What the requirements ask for at least: limits for engines that share a machine. */
  readonly cpus: number | null
  readonly memoryMib: number | null
  readonly gpuCount: number
  /** From the start of the command; null is no limit. */
  readonly maxDurationSeconds: number | null
  /** Where the project directory is found on this machine; null where it does not go along. */
  readonly projectDirectory: string | null
}
