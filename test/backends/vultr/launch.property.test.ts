import { launchProperty } from '../../contract/launch-property.ts'
import { vultrLaunchCase } from './vultr-launch-case.ts'

launchProperty(vultrLaunchCase, { runs: 100 })
