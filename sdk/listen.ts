import { guard } from './guard.ts'

type Handler = (event: Event) => unknown

const handlers: Record<string, Handler[]> = {}

/** Whatever starts something leaves here how to end it; `stop()` calls all of it. */
export const undo: (() => void)[] = []

const dispatch = (event: Event): void => handlers[event.type]!.forEach(handler => guard(() => handler(event)))

/**
 * Calls the handler for each of the kinds (`'click auxclick'`), through one passive capture listener a kind, on the
 * window where no `stopPropagation` of the page comes before it. The latest handler is called first: the queue, which
 * listens from the start, flushes after everyone else has said what there is to say about a page being left.
 */
export function listen(kinds: string, handler: Handler, target: EventTarget = window): void {
  for (const kind of kinds.split(' ')) {
    handlers[kind] = [handler, ...(handlers[kind] ?? [])]
    // Adding the same listener again changes nothing.
    target.addEventListener(kind, dispatch, { capture: true, passive: true })
    undo.push(() => {
      handlers[kind] = []
      target.removeEventListener(kind, dispatch, true)
    })
  }
}
