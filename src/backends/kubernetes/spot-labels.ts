/** How nodes tell that they may be taken back: every cloud and autoscaler has a label of its own. */
export const spotLabels = [
  { key: 'cloud.google.com/gke-spot', value: 'true' },
  { key: 'eks.amazonaws.com/capacityType', value: 'SPOT' },
  { key: 'karpenter.sh/capacity-type', value: 'spot' },
  { key: 'kubernetes.azure.com/scalesetpriority', value: 'spot' },
] as const
