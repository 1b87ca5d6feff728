/** Which backends can launch from here. Nothing is opened: names and values of variables decide. */
import type { Launcher, Provisioner } from '#backends/kit/provisioner'
import type { Readiness } from '#backends/kit/readiness'
import { launchers } from '#backends/registry'
import type { Environment } from '#platform/environment'

export interface LauncherHere {
  readonly launcher: Launcher
  readonly provisioner: Provisioner
  readonly readiness: Readiness
}

const here = async (launcher: Launcher, environment: Environment): Promise<LauncherHere> => {
  const provisioner = await launcher.provisioner()
  return { launcher, provisioner, readiness: provisioner.readiness(environment) }
}

/** All of them, or those named. */
export const launchersHere = (
  environment: Environment,
  names: readonly string[] | null = null,
): Promise<readonly LauncherHere[]> =>
  Promise.all(
    launchers
      .filter(({ name }) => names === null || names.includes(name))
      .map((launcher) => here(launcher, environment)),
  )

export const launcherNames = (): readonly string[] => launchers.map(({ name }) => name)

/** Only where asked for: they are no market, and are offered where somebody set them up or named them. */
export const namedOnly: ReadonlySet<string> = new Set(['local', 'docker', 'simulator'])
