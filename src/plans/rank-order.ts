/**
 * The keys of the total order, first to last: available before out of stock; price, unknown last;
 * backend by its rank; instance type and region by code units; on-demand before spot; an unknown
 * region first.
 */
export const rankOrder = [
  'available',
  'price',
  'backend',
  'instance_type',
  'spot',
  'region',
] as const
