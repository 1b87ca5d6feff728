import { launchProperty } from '../../contract/launch-property.ts'
import { vastaiLaunchCase } from './vastai-launch-case.ts'

launchProperty(vastaiLaunchCase, { runs: 100 })
