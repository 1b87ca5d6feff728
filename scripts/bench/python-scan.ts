/** The same offers as CSV, filtered and sorted by a plain Python script: what a reader of CSV costs. */
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, writeSync } from 'node:fs'
import type { CatalogFile } from './catalog-file.ts'
import { wallMilliseconds } from './cold-start.ts'

const script = `
import csv, sys
found = []
with open(sys.argv[1], newline="") as file:
    for row in csv.DictReader(file):
        if row["gpu"] == "A100" and int(row["gpu_count"]) == 1 and row["price"]:
            found.append((float(row["price"]), row["backend"], row["type"], row["region"]))
found.sort()
for one in found[:20]:
    print(*one)
`

/** Null, with a line that says so, where there is no python3. */
export const pythonScan = (file: CatalogFile, rounds: number): number | null => {
  if (spawnSync('python3', ['-c', '0']).status !== 0) {
    console.log('  no python3 here: the scan in Python was not measured')
    return null
  }
  const path = `${file.path}.csv`
  if (!existsSync(path)) writeCsv(path, file)
  return wallMilliseconds({ label: 'python3', words: ['python3', '-c', script, path] }, rounds)
}

const writeCsv = (path: string, { columns }: CatalogFile): void => {
  const file = openSync(path, 'w')
  let text = 'backend,region,type,cpus,memory,gpu,gpu_memory,gpu_count,disk,spot,price\n'
  for (let row = 0; row < columns.size; row++) {
    const { backend, region, instanceType: type, spot, priceNanoUsd } = columns.offer(row)
    const price = priceNanoUsd === null ? '' : priceNanoUsd / 1e9
    const gpu = `${type.gpu?.name ?? ''},${type.gpu?.memoryMib ?? ''},${type.gpuCount}`
    text += `${backend},${region ?? ''},${type.name},${type.cpus},${type.memoryMib},${gpu},${type.diskMib ?? ''},${spot},${price}\n`
    if (text.length < 1 << 20) continue
    writeSync(file, text)
    text = ''
  }
  writeSync(file, text)
  closeSync(file)
}
