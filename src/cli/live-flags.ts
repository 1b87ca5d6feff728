import { Option, type Command } from 'commander'

export interface LiveFlags {
  readonly live?: boolean
  readonly liveTimeout?: string
}

export const defaultLiveTimeout = '10s'

export const addLiveFlags = (command: Command): Command =>
  command
    .addOption(
      new Option('--live', 'ask markets (vastai, runpod, ...) for their offers of now').conflicts([
        'asOf',
        'relax',
      ]),
    )
    .option(
      '--live-timeout <duration>',
      `how long they have to answer (default: ${defaultLiveTimeout})`,
    )
