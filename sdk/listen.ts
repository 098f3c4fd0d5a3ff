import { guard } from './guard.ts'

/** Takes back what a watcher started. */
export type Undo = () => void

type Handler = (event: Event) => unknown

const handlers: Record<string, Handler[]> = {}

function dispatch(event: Event): void {
  for (const handler of handlers[event.type] ?? []) guard(() => handler(event))
}

/**
 * Calls the handler for each of the kinds (`'click auxclick'`), through one passive capture listener a kind on the
 * window, where no `stopPropagation` of the page comes before it. The latest handler is called first: the queue, which
 * listens from the start, flushes after everyone else has said what there is to say about a page being left.
 */
export function listen(kinds: string, handler: Handler): Undo {
  const each = kinds.split(' ')
  for (const kind of each) {
    handlers[kind] = [handler, ...(handlers[kind] ?? [])]
    // Adding the same listener again changes nothing.
    addEventListener(kind, dispatch, { capture: true, passive: true })
  }
  return () => {
    for (const kind of each) {
      handlers[kind] = handlers[kind]!.filter(other => other !== handler)
      if (!handlers[kind].length) removeEventListener(kind, dispatch, true)
    }
  }
}
