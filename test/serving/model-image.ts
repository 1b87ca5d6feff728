/** An image of the model server, with the Node of this machine, made without a registry. */
import { spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type Docker from 'dockerode'
import { makeModel, modelServerFolder } from './model-server.ts'

const librariesOf = (program: string): readonly string[] => {
  const { stdout } = spawnSync('sh', ['-c', 'ldd "$0"', program], { encoding: 'utf8' })
  return (stdout.match(/\/[^\s)]+/g) ?? []).filter((one) => existsSync(one))
}

const copy = (file: string, root: string, target = file): void => {
  mkdirSync(dirname(join(root, target)), { recursive: true })
  cpSync(file, join(root, target), { dereference: true, recursive: true })
}

const fill = (root: string, folderInImage: string): void => {
  for (const name of ['bin', 'tmp', 'root', 'etc']) mkdirSync(join(root, name))
  copy('/bin/busybox', root)
  for (const tool of ['sh', 'cat', 'env', 'ls', 'sleep']) {
    symlinkSync('busybox', join(root, 'bin', tool))
  }
  copy(process.execPath, root, '/bin/node')
  const server = join(root, folderInImage)
  copy(modelServerFolder, root, folderInImage)
  makeModel(server)
  const addons = join(server, 'node_modules/@node-llama-cpp/linux-x64/bins/linux-x64')
  const programs = [process.execPath, ...readdirSync(addons).map((name) => join(addons, name))]
  const libraries = new Set(programs.flatMap(librariesOf))
  for (const library of libraries) if (!library.startsWith(root)) copy(library, root)
}

export const importModelImage = async (
  docker: Docker,
  { name, folderInImage }: { readonly name: string; readonly folderInImage: string },
): Promise<void> => {
  const root = mkdtempSync(join(tmpdir(), 'model-image-'))
  try {
    fill(root, folderInImage)
    const tar = spawn('tar', ['-C', root, '-c', '.'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [repo, tag] = name.split(/:(?=[^/:]*$)/)
    const changes = ['ENV PATH=/bin']
    const stream = await docker.importImage(tar.stdout, { repo, tag, changes })
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()))
    })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
