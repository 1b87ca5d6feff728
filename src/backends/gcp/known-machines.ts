/**
 * Names of machine types, for a source that has prices and no list of machines; their sizes are known by
 * name. A type that is missing here is offered once an account's own list is read.
 */

type Row = readonly [family: string, shapes: string, sizes: string, ending?: string]

const rows: readonly Row[] = [
  ['a2', 'highgpu ultragpu', '1 2 4 8', 'g'],
  ['a2', 'megagpu', '16', 'g'],
  ['a3', 'highgpu', '1 2 4 8', 'g'],
  ['a3', 'megagpu', '8', 'g'],
  ['c2', 'standard', '4 8 16 30 60'],
  ['c2d', 'highcpu highmem standard', '2 4 8 16 32 56 112'],
  ['c3', 'highcpu highmem standard', '4 8 22 44 88 176'],
  ['c3', 'highcpu highmem standard', '192', '-metal'],
  ['c3', 'standard', '4 8 22 44 88 176', '-lssd'],
  ['c3d', 'highcpu highmem standard', '4 8 16 30 60 90 180 360'],
  ['c3d', 'highmem standard', '8 16 30 60 90 180 360', '-lssd'],
  ['c4', 'highcpu highmem standard', '2 4 8 16 24 32 48 96 144 192 288'],
  ['c4', 'highcpu highmem standard', '288', '-metal'],
  ['c4', 'highmem standard', '4 8 16 24 32 48 96 144 192 288', '-lssd'],
  ['c4', 'highmem standard', '288', '-lssd-metal'],
  ['c4a', 'highcpu highmem standard', '1 2 4 8 16 32 48 64 72'],
  ['c4a', 'highmem standard', '4 8 16 32 48 64 72', '-lssd'],
  ['c4a', 'highmem', '96', '-metal'],
  ['c4d', 'highcpu highmem standard', '2 4 8 16 32 48 64 96 192 384'],
  ['c4d', 'highcpu highmem standard', '384', '-metal'],
  ['c4d', 'highmem standard', '8 16 32 48 64 96 192 384', '-lssd'],
  ['c4n', 'highcpu highmem standard', '2 4 8 16 24 48 96 192'],
  ['e2', 'highcpu standard', '2 4 8 16 32'],
  ['e2', 'highmem', '2 4 8 16'],
  ['g2', 'standard', '4 8 12 16 24 32 48 96'],
  ['g4', 'standard', '6 12 24 48 96 192 384'],
  ['h3', 'standard', '88'],
  ['m1', 'megamem', '96'],
  ['m1', 'ultramem', '40 80 160'],
  ['m2', 'hypermem megamem', '416'],
  ['m2', 'ultramem', '208 416'],
  ['m3', 'megamem', '64 128'],
  ['m3', 'ultramem', '32 64 128'],
  ['m4', 'hypermem', '16 32 64'],
  ['m4', 'megamem', '28 56 112 224'],
  ['m4', 'ultramem', '56 112 224'],
  ['n1', 'highcpu highmem', '2 4 8 16 32 64 96'],
  ['n1', 'standard', '1 2 4 8 16 32 64 96'],
  ['n2', 'highcpu', '2 4 8 16 32 48 64 80 96'],
  ['n2', 'highmem standard', '2 4 8 16 32 48 64 80 96 128'],
  ['n2d', 'highcpu standard', '2 4 8 16 32 48 64 80 96 128 224'],
  ['n2d', 'highmem', '2 4 8 16 32 48 64 80 96'],
  ['n4', 'highcpu highmem standard', '2 4 8 16 32 48 64 80'],
  ['n4a', 'highcpu highmem standard', '1 2 4 8 16 32 48 64'],
  ['n4d', 'highcpu highmem standard', '2 4 8 16 32 48 64 80 96'],
  ['t2a', 'standard', '1 2 4 8 16 32 48'],
  ['t2d', 'standard', '1 2 4 8 16 32 48 60'],
  ['z3', 'highmem', '14 22 44 88 176', '-standardlssd'],
  ['z3', 'highmem', '8 16 22 32 44 88', '-highlssd'],
  ['z3', 'highmem', '192', '-highlssd-metal'],
]

const spread = ([family, shapes, sizes, ending = '']: Row): readonly string[] =>
  shapes
    .split(' ')
    .flatMap((shape) => sizes.split(' ').map((size) => `${family}-${shape}-${size}${ending}`))

export const knownMachines: readonly string[] = [
  ...rows.flatMap(spread),
  'e2-medium',
  'e2-micro',
  'e2-small',
  'f1-micro',
  'g1-small',
]
