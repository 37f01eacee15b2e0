import { LOOPBACK } from '@hookline/local'

/** What a service tells of itself. */
export interface Admin {
  /** Resolves once the service is ready to work. */
  readonly ready: () => Promise<string>
  /** The value of one series of its metrics, 0 where it is not there. */
  readonly metric: (series: string) => Promise<number>
}

export function adminOf(port: number): Admin {
  const get = async (path: string) => {
    const answer = await fetch(`http://${LOOPBACK}:${port}${path}`, { signal: AbortSignal.timeout(5_000) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`)
    return text
  }
  return {
    ready: () => get('/readyz'),
    async metric(series) {
      const line = (await get('/metrics')).split('\n').find(one => one.startsWith(`${series} `))
      return line === undefined ? 0 : Number(line.slice(series.length + 1))
    },
  }
}
