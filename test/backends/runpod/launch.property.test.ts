import { launchProperty } from '../../contract/launch-property.ts'
import { runpodLaunchCase } from './runpod-launch-case.ts'

launchProperty(runpodLaunchCase, { runs: 100 })
