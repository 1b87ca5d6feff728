/** Under the runs, with an engine in memory; what an engine really does is in `engine.test.ts`. */
import { coreChapters } from '../../contract/core-chapters.ts'
import { provisionerContract } from '../../contract/provisioner.ts'
import { dockerLaunchCase } from './docker-launch-case.ts'

provisionerContract(dockerLaunchCase, coreChapters)
