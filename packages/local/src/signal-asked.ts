import { whenLauncherIsGone } from './launchers.ts'

/** Listens for the wish to end: Ctrl-C, SIGTERM, a closed terminal, the death of npx. Further ones change nothing. */
export function signalAsked(): { readonly signal: AbortSignal; readonly once: Promise<void> } {
  const asked = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => asked.abort(new Error(`ended by ${name}`)))
  }
  whenLauncherIsGone(() => asked.abort(new Error('ended by the end of what started it')))
  const once = new Promise<void>(resolve => asked.signal.addEventListener('abort', () => resolve(), { once: true }))
  return { signal: asked.signal, once }
}
