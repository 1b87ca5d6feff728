/** `simulate`: what scaling would do with traffic, before it is paid for. */
import { Option, type Command } from 'commander'
import type { SimulatedService } from '#api/simulate'
import { ArgumentError } from '#domain/errors'
import { findFile } from '#cli/find-file'
import {
  addCommonFlags,
  addOutputFlag,
  addOverlayFlags,
  addRequestFlags,
  type CommonFlags,
  type OverlayFlags,
  type RequestFlags,
} from '#cli/flags'
import { writeNotes } from '#cli/notes'
import { readRequest, type Request } from '#cli/read-request'
import { durationMs, parseConcurrency, parsePrice } from '#cli/simulate-flags'
import type { SimulationOutcome } from '#cli/simulate-outcome'
import { printMs, printRate } from '#cli/simulate-words'
import { lookOf } from '#cli/terminal'
import { visible } from '#cli/text-width'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

const formats = ['table', 'json', 'yaml'] as const

interface Flags extends CommonFlags, OverlayFlags, RequestFlags {
  readonly output: (typeof formats)[number]
  readonly trace: string
  readonly serviceTime: number
  readonly startup: number
  readonly concurrency: number
  readonly price?: number
  readonly svg?: string
}

const largestTraceBytes = 256 * 1024 * 1024

const serviceOf = async ({ subject }: Request, flags: Flags): Promise<SimulatedService> => {
  const configuration = subject?.configuration
  if (configuration?.type !== 'service') {
    throw new ArgumentError(
      `"${visible(subject?.file ?? '')}" is a ${configuration?.type ?? 'search'}, and only a service is scaled`,
      { hint: 'give a file of type: service' },
    )
  }
  if (flags.serviceTime === 0) {
    throw new ArgumentError('--service-time "0" leaves nothing to do', { hint: 'such as 350ms' })
  }
  const { usualService } = await import('#api/simulate')
  return {
    ...usualService,
    limits: configuration.replicas,
    scaling: configuration.scaling,
    serviceMs: flags.serviceTime,
    startupMs: flags.startup,
    concurrency: flags.concurrency,
  }
}

const warningsOf = ({ service, price }: SimulationOutcome): readonly string[] => {
  const most = (service.concurrency * 1000) / service.serviceMs
  const target = service.scaling?.target ?? 0
  const overload = `at ${printMs(service.serviceMs)} a request a replica serves ${printRate(most)} at most, and the target asks ${printRate(target)} of it`
  return [
    ...(target > most ? [overload] : []),
    ...(price.priceNanoUsd === null ? ['no price is known; --price gives one'] : []),
  ]
}

const print = async (
  outcome: SimulationOutcome,
  { output, color }: Flags,
  world: World,
): Promise<string> => {
  if (output === 'table') {
    const { printChart } = await import('#cli/simulate-chart')
    const { printSimulation } = await import('#cli/tables/simulate-report')
    const { showsUnicode } = await import('#api/history')
    const look = lookOf('stdout', world, color)
    const unicode = showsUnicode(world.environment)
    return printSimulation(outcome, printChart(outcome, { width: look.width, unicode }), look)
  }
  const { toSimulationDocument } = await import('#cli/simulate-document')
  const { printDocument } = await import('#cli/output/print-document')
  return printDocument(output, toSimulationDocument(outcome), [])
}

const runSimulate = async (
  file: string,
  { flags, runArguments }: { readonly flags: Flags; readonly runArguments: readonly string[] },
  world: World,
): Promise<void> => {
  const request = await readRequest({ file, flags, runArguments }, world)
  const service = await serviceOf(request, flags)
  const { readTrace } = await import('#cli/simulate-trace')
  const trace = readTrace(world.files.readText(flags.trace, largestTraceBytes), flags.trace)
  const { priceOf } = await import('#cli/simulate-price')
  const price = await priceOf(request, flags, world)
  const { simulate, suggestScaling } = await import('#api/simulate')
  const simulation = simulate(trace, service)
  const outcome: SimulationOutcome = {
    file: request.subject?.file ?? file,
    traceFile: flags.trace,
    trace,
    service,
    price,
    simulation,
    suggestions: suggestScaling(trace, service, simulation),
  }
  world.stdout.write(await print(outcome, flags, world))
  writeNotes('warning', warningsOf(outcome), world, flags)
  if (flags.svg === undefined) return
  const { printSvg } = await import('#cli/simulate-svg')
  world.writeFile(flags.svg, printSvg(outcome))
  writeNotes('note', [`the chart is in "${visible(flags.svg)}"`], world, flags)
}

const notes = `
The trace is CSV. Its first line is seconds or time for a line per request, or
seconds,requests or time,requests for a line per interval, spread evenly.
Replicas are paid for from their submission until they have drained.`

export const addSimulateCommand = (
  program: Command,
  { world, runArguments, typed }: CommandGiven,
): void => {
  const command = program
    .command('simulate')
    .summary('replay traffic through scaling, and price it')
    .description(
      'Replays traffic through the autoscaler on a virtual clock: cost, waits, dropped requests, replicas over time; and tries other values of scaling on it.',
    )
    .argument('[file]', 'a *.dstack.yml, a directory that holds .dstack.yml, or -')
  addOutputFlag(command, formats)
  if (!typed) return
  command
    .optionsGroup('Simulation:')
    .requiredOption('--trace <csv>', 'traffic: seconds or RFC 3339 times of requests')
    .addOption(
      new Option('--service-time <duration>', 'of one request')
        .argParser(durationMs('--service-time'))
        .default(2000, '2s'),
    )
    .addOption(
      new Option('--startup <duration>', 'of a replica')
        .argParser(durationMs('--startup'))
        .default(180_000, '3m'),
    )
    .option('--concurrency <count>', 'requests a replica serves at once', parseConcurrency, 1)
    .option('--price <usd>', 'per instance-hour, instead of the cheapest offer', parsePrice)
    .option('--svg <path>', 'also write the chart to a file')
  addOverlayFlags(addRequestFlags(addCommonFlags(command)).optionsGroup('Catalog:'))
    .addHelpText('after', notes)
    .action(async (argument: string | undefined, flags: Flags) => {
      const file = findFile(argument, {}, [], world)?.file
      if (file === undefined) {
        throw new ArgumentError('there is no .dstack.yml here', { hint: 'give a FILE' })
      }
      await runSimulate(file, { flags, runArguments }, world)
    })
}
