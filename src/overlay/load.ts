import { join } from 'node:path'
import type { Environment } from '#platform/environment'
import type { Files } from '#platform/files'
import { configurationHome } from '#platform/home'
import { mostBytes } from '#configuration/find'
import type { Overlay, OverlayFile } from './overlay.ts'
import { readOverlay } from './read.ts'

export interface OverlayPlaces {
  readonly files: Files
  readonly environment: Environment
  /** The working directory, whose `.dstack/prices.yml` comes before the user's. */
  readonly directory: string
  /** The folder that `~` stands for in the name of the user's file. */
  readonly home: string
}

interface Place {
  readonly folder: string
  /** The folder as messages show it, and as the source of an offer: the same on every machine. */
  readonly shown: string
}

const names = ['prices.yml', 'prices.yaml'] as const

const underHome = (path: string, home: string): string =>
  home !== '' && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path

const placesOf = ({ environment, directory, home }: OverlayPlaces): readonly Place[] => {
  const project = join(directory, '.dstack')
  const own = join(configurationHome(environment))
  return [
    { folder: project, shown: '.dstack' },
    ...(own === project ? [] : [{ folder: own, shown: underHome(own, home) }]),
  ]
}

/** Some editors put a mark before the text that is no part of it. */
const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text)

const fileIn = ({ folder, shown }: Place, files: Files): readonly OverlayFile[] => {
  const name = names.find((one) => files.exists(join(folder, one)))
  if (name === undefined) return []
  const text = withoutMark(files.readText(join(folder, name), mostBytes))
  return [{ file: `${shown}/${name}`, text }]
}

/** Several files as one, those before taking precedence. Throws ConfigurationError. */
export const joinOverlays = (files: readonly OverlayFile[]): Overlay => {
  const contents = files.map(({ file, text }) => readOverlay(text, { file }))
  return {
    files,
    rules: contents.flatMap(({ rules }) => rules),
    offers: contents.flatMap(({ offers }) => offers),
  }
}

/**
 * The overlay of the working tree and of the user: `.dstack/prices.yml`, then `prices.yml` in
 * `$DSTACK_OFFERS_HOME`, else in the XDG configuration folder. Null where there is neither.
 * Throws ConfigurationError or UnreadableError.
 */
export const loadOverlay = (places: OverlayPlaces): Overlay | null => {
  const files = placesOf(places).flatMap((place) => fileIn(place, places.files))
  return files.length === 0 ? null : joinOverlays(files)
}

/** The overlay of one file alone. `-` is standard input. */
export const loadOverlayFile = (path: string, files: Files): Overlay =>
  joinOverlays([{ file: path, text: withoutMark(files.readText(path, mostBytes)) }])
