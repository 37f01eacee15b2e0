/** Aborted by the first Ctrl-C, or SIGTERM; from now on neither ends the process by itself. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  // on, not once: a terminal and a package manager may each pass Ctrl-C on
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort())
  return controller.signal
}
