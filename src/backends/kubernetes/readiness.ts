import type { Readiness } from '#backends/kit/readiness'
import type { Environment } from '#platform/environment'

/** `KUBECONFIG` says that a cluster is wanted: the usual file of kubectl alone does not. */
export const readiness = ({
  KUBECONFIG,
  DSTACK_OFFERS_KUBERNETES_CONTEXT: context,
}: Environment): Readiness =>
  KUBECONFIG
    ? { status: 'ready', values: { kubeconfig: KUBECONFIG, ...(context && { context }) } }
    : { status: 'missing', names: ['KUBECONFIG'] }
