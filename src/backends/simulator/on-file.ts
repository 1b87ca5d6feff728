/** The simulator as users meet it: an ordinary day in a cloud whose state is in the data folder. */
import { dataHome } from '#platform/home'
import { withCloudFile } from './cloud-file.ts'
import { simulatorProvisioner } from './provisioner.ts'
import { ordinaryRules } from './rules.ts'

const rules = ordinaryRules(1)

export const simulatorOnFile = simulatorProvisioner(
  ({ credentials }) => ({
    rules,
    runtime: 'container',
    idempotency: 'token',
    within: (work) => withCloudFile(credentials['state'] ?? '', work),
  }),
  (environment) => ({
    status: 'ready',
    values: { state: `${dataHome(environment)}/simulator.sqlite` },
  }),
)
