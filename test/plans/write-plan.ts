/** Prints the plan of a catalog file: run as a process of its own, in any locale and time zone. */
import { readConfiguration, resolve } from '#api/configuration'
import { openCatalog } from '#api/catalog'
import { makePlan, printPlan } from '#api/plans'

const [path = '', text = ''] = process.argv.slice(2)
const configuration = readConfiguration(text, { file: 'serve.dstack.yml' })
const catalog = openCatalog({ path })
const { requirements } = resolve({ configuration })
const plan = makePlan({ configuration, requirements, limit: 25, toolVersion: '1.2.3' }, catalog)
catalog.close()
// The locale does matter to this one, which shows that it was taken.
process.stderr.write(
  `${new Date(0).getHours()} ${new Intl.NumberFormat().resolvedOptions().locale}`,
)
process.stdout.write(printPlan(plan))
