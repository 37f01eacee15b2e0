import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { REPOSITORY } from '@hookline/local'
import type { TableData } from '../bench.ts'
import { framesOf } from './cpu-profile.ts'
import { flameGraph } from './flame-graph.ts'
import { topFunctions } from './top-functions.ts'

/** Has processes profiled, and draws what they left. */
export interface Profiler {
  /** What Node is given before the script. Its own profiler writes when a process ends by itself; a killed one leaves nothing. */
  argsFor(process: string): readonly string[]
  /** Of all processes that were given arguments and have ended. Rejects where one left nothing. */
  draw(): Promise<readonly Profile[]>
}

/** What a profiled process left. */
export interface Profile {
  readonly process: string
  /** The `.cpuprofile`, for other tools. */
  readonly file: string
  /** The flame graph. */
  readonly graph: string
  readonly top: TableData
}

/** `dir`: where to; a new folder for temporary files where it is not named. */
export async function openProfiler(dir: string | true): Promise<Profiler> {
  const folder = dir === true ? await mkdtemp(join(tmpdir(), 'hookline-profiles-')) : resolve(dir)
  await mkdir(folder, { recursive: true })
  const processes = new Map<string, string>()
  let started = 0
  return {
    argsFor(process) {
      const name = `${process}-${(started += 1)}`
      processes.set(name, process)
      return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`]
    },
    draw() {
      const all = [...processes]
      processes.clear()
      return Promise.all(all.map(([name, process]) => draw(join(folder, name), process)))
    },
  }
}

async function draw(path: string, process: string): Promise<Profile> {
  const [file, graph] = [`${path}.cpuprofile`, `${path}.svg`]
  const root = framesOf(await readFile(file, 'utf8'), pathToFileURL(REPOSITORY).href)
  await writeFile(graph, flameGraph(root, process))
  return { process, file, graph, top: topFunctions(root) }
}
