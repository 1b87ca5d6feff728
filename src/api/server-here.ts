/** Whether a server is up here, and what it last said of runs. */
export { readScalingNote, type ScalingNote } from '#server/scaling-note'
export {
  announceServer,
  serverHere,
  type ServerPlace,
  type ServerUrls,
  withdrawServer,
} from '#server/server-file'
