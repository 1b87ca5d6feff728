import { launchProperty } from '../../contract/launch-property.ts'
import { verdaLaunchCase } from './verda-launch-case.ts'

launchProperty(verdaLaunchCase, { runs: 100 })
