import { launchProperty } from '../../contract/launch-property.ts'
import { lambdaLaunchCase } from './lambda-launch-case.ts'

launchProperty(lambdaLaunchCase, { runs: 100 })
