/** Where a real model is served: processes of this machine, and containers of a real engine. */
import { localModelService, modelService, whyNoModelServer } from './model-server.ts'
import { importModelImage } from './model-image.ts'
import { type RunningEngine, startEngine, whyNot } from '../backends/docker/engines.ts'
import { newStand, type Stand } from './stand.ts'

export type Place = 'local' | 'docker'

/** A host over SSH has the engine of 'docker'. */
type AnyPlace = Place | 'ssh'

const noModel = whyNoModelServer()
const noEngine = noModel ?? whyNot('docker')
for (const [place, reason] of [
  ['local', noModel],
  ['docker', noEngine],
]) {
  if (reason !== null) console.warn(`a model served on ${place}: not tried, ${reason}`)
}

/** Those that can be tried here. */
export const places: readonly Place[] = [
  ...(noModel === null ? ['local' as const] : []),
  ...(noEngine === null ? ['docker' as const] : []),
]

export interface Places {
  readonly stand: Stand
  /** Null where there is none. */
  readonly engineSocket: string | null
  /** Leaves a run of the model to the server. */
  serve(place: AnyPlace, run: string, more: string): Promise<void>
  /** Processes or containers that there are, dead ones too. */
  machines(place: AnyPlace): Promise<readonly string[]>
  /** As by the kernel when memory is short: it is not asked. `replica` as `x-replica` has it. */
  kill(place: Place, replica: string): Promise<void>
  end(): Promise<void>
}

const image = 'localhost/model-server:1'
const folderInImage = '/srv/model-server'

const serviceIn = (place: AnyPlace, folder: string, model: string, more: string): string =>
  place === 'local'
    ? localModelService(folder, model, more)
    : modelService({
        command: `node ${folderInImage}/serve.mjs ${folderInImage}/model.gguf`,
        model,
        more: `image: ${image}\n${more}`,
      })

const startEngineWithImage = async (): Promise<RunningEngine> => {
  const engine = await startEngine('docker')
  try {
    await importModelImage(engine.docker, { name: image, folderInImage })
    return engine
  } catch (error) {
    await engine.stop()
    throw error
  }
}

/** `more` is for the environment of all that is started. */
export const openPlaces = async (more: NodeJS.ProcessEnv = {}): Promise<Places> => {
  const engine = places.includes('docker') ? await startEngineWithImage() : null
  const address = engine === null ? {} : { DOCKER_HOST: engine.address }
  const stand = newStand({ ...address, ...more })
  const containers = async (): Promise<readonly string[]> => {
    const all = (await engine?.docker.listContainers({ all: true })) ?? []
    return all.map(({ Id }) => Id)
  }
  return {
    stand,
    engineSocket: engine?.address.slice('unix://'.length) ?? null,
    serve: (place, run, more) =>
      stand.run(run, serviceIn(place, stand.folder, run, more), '-b', place),
    machines: async (place) =>
      (place === 'local' ? stand.machines() : await containers()).toSorted(),
    kill: async (place, replica) => {
      const [host = '', pid = ''] = replica.split('/')
      if (place === 'local') process.kill(Number(pid), 'SIGKILL')
      else await engine?.docker.getContainer(host).kill()
    },
    end: async () => {
      await stand.end()
      await engine?.stop()
    },
  }
}
