/** The nodes of a cluster in the catalog: what they have left, at the price that their user says. */
import {
  BackendUnusableError,
  KnownError,
  PackageMissingError,
  UpstreamCredentialsError,
  UpstreamInvalidError,
  UpstreamRefusedError,
  UpstreamUnreachableError,
} from '#domain/errors'
import { type Offer, offerId } from '#domain/offer'
import { CloudRefusal } from '#backends/kit/cloud-io'
import type { Importer, ImportPage, PageOffers } from '#backends/kit/importer'
import type { ImportIo } from '#backends/kit/io'
import { sealPages } from '#backends/kit/seal'
import { wholeList } from '#backends/kit/whole-list'
import { NoAnswer } from '#platform/http-once'
import { type Cluster, openCluster } from './cluster.ts'
import { offersOfNodes, whyNoOffer } from './nodes.ts'
import { all, gather } from './pages.ts'
import { readiness } from './readiness.ts'
import { countedNodes, countedPods, type Node, type Pod, readPage } from './schema.ts'

export interface ClusterPage extends ImportPage {
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
}

const list = 'nodes'

const isMissingPackage = ({ cause }: KnownError): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND'

/** What a failure of the cluster is to a refresh. Texts of others may hold secrets: none is repeated. */
const failureOf = (error: unknown): KnownError => {
  if (error instanceof KnownError) {
    if (!isMissingPackage(error)) return error
    return new PackageMissingError('missing package "@kubernetes/client-node"', {
      hint: error.hint,
      cause: error,
    })
  }
  if (error instanceof NoAnswer) {
    return new UpstreamUnreachableError(`the cluster gave no answer: ${error.message}`)
  }
  if (!(error instanceof CloudRefusal)) {
    return new BackendUnusableError('the kubeconfig is broken, or gives no credentials', {
      hint: 'kubectl get nodes says more',
      cause: error,
    })
  }
  const { status } = error.answer
  return status === 401 || status === 403
    ? new UpstreamCredentialsError(`the cluster shows no nodes and pods to us (HTTP ${status})`, {
        hint: 'kubectl auth can-i list nodes; kubectl auth can-i list pods -A',
      })
    : new UpstreamRefusedError(`the cluster answered HTTP ${status}`)
}

/** Throws UpstreamInvalidError for a token that comes twice: such a list would go on for ever. */
const newCircleGuard = (noun: string) => {
  const seen = new Set<string>()
  return <Page extends { readonly metadata: { readonly continue?: string | null | undefined } }>(
    page: Page,
  ): Page => {
    const next = page.metadata.continue ?? ''
    if (next !== '' && seen.has(next)) {
      throw new UpstreamInvalidError(`the pages of the cluster's ${noun} go in a circle`)
    }
    seen.add(next)
    return page
  }
}

/** A busy API server says so, and for how long. */
const patient = (cluster: Cluster, io: ImportIo): Cluster => ({
  ...cluster,
  call: (call) =>
    io.again(
      () => cluster.call(call),
      (error) => (error instanceof CloudRefusal ? error.answer : null),
    ),
})

const readCluster = async (io: ImportIo): Promise<ClusterPage> => {
  const cluster = patient(await openCluster(io), io)
  const [ofNodes, ofPods] = [newCircleGuard('nodes'), newCircleGuard('pods')]
  const nodes = await gather(
    all(cluster, '/api/v1/nodes', (answer) => ofNodes(readPage(countedNodes, answer))),
  )
  const pods = await gather(
    all(cluster, '/api/v1/pods', (answer) => ofPods(readPage(countedPods, answer))),
  )
  const pages = [...nodes, ...pods]
  return {
    nodes: nodes.flatMap(({ rows }) => rows),
    pods: pods.flatMap(({ rows }) => rows),
    malformed: pages.flatMap(({ malformed }) => malformed),
    observation: io.observation,
    account: wholeList(
      list,
      pages.reduce((sum, { count }) => sum + count, 0),
    ),
  }
}

/** One page for all: what a node has left is told by every pod there is. */
async function* fetchPages(io: ImportIo): AsyncGenerator<ClusterPage> {
  try {
    yield await readCluster(io)
  } catch (error) {
    throw io.signal.aborted ? io.signal.reason : failureOf(error)
  }
}

const byName = (one: Node, other: Node): number =>
  one.metadata.name < other.metadata.name ? -1 : 1

const placeOf = ({ region, spot }: Offer): string => `${region ?? '?'}${spot ? '-spot' : ''}`

/** A name is of one machine in a catalog; of a type in several places, each has its own part left. */
const namedApart = (offers: readonly Offer[]): readonly Offer[] => {
  const places = new Map<string, number>()
  for (const { instanceType } of offers) {
    places.set(instanceType.name, (places.get(instanceType.name) ?? 0) + 1)
  }
  return offers.map((offer) => {
    if (places.get(offer.instanceType.name) === 1) return offer
    const name = `${offer.instanceType.name}@${placeOf(offer)}`
    const id = offerId(offer.backend, offer.region, name, offer.spot)
    return { ...offer, id, instanceType: { ...offer.instanceType, name } }
  })
}

const toOffers = (page: ClusterPage): PageOffers => {
  const { observedAt } = page.observation
  const nodes = page.nodes.toSorted(byName)
  const left = new Map(offersOfNodes(nodes, page.pods, observedAt).map((one) => [one.id, one]))
  const offers = offersOfNodes(nodes, [], observedAt).map((whole): Offer => {
    const free = left.get(whole.id)
    return free === undefined ? { ...whole, stock: 'none' } : { ...free, stock: 'high' }
  })
  const idle = nodes.filter((node) => offersOfNodes([node], [], observedAt).length === 0)
  const rejects = idle.map((node) => ({ reason: whyNoOffer(node), row: node.metadata.name }))
  return { offers: namedApart(offers), rejects: [...page.malformed, ...rejects] }
}

export const kubernetesImporter: Importer<ClusterPage> = {
  traits: {
    kind: 'hosts',
    ttlSeconds: 900,
    limit: { intervalMs: 0, atOnce: 1 },
    gives: { spot: true, stock: true, region: true },
    emptyResult: 'valid',
    credentials: 'required',
  },
  readiness,
  fetch: fetchPages,
  toOffers,
  seal: (summary) => sealPages(summary, { expected: [list], emptyResult: 'valid' }),
}
