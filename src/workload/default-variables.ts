/** Variables that every run finds set; those of the configuration come after them. */

export interface RunFacts {
  readonly runName: string
  readonly repositoryId: string
  /** Of one replica, which is one node. */
  readonly gpuCount: number
}

/** The last two are older names, kept for images that were made for them. */
export const defaultVariables = ({
  runName,
  repositoryId,
  gpuCount,
}: RunFacts): Readonly<Record<string, string>> => ({
  DSTACK_RUN_NAME: runName,
  DSTACK_REPO_ID: repositoryId,
  DSTACK_GPUS_NUM: String(gpuCount),
  DSTACK_GPUS_PER_NODE: String(gpuCount),
  DSTACK_NODES_NUM: '1',
  DSTACK_NODE_RANK: '0',
  DSTACK_MASTER_NODE_IP: '127.0.0.1',
  RUN_NAME: runName,
  REPO_ID: repositoryId,
})
