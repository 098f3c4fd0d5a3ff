import type { WireEvent } from '../shared/event.ts'

/** Values as a page gives them; they travel as JSON, so what JSON does not know is left out. */
export type Given = Record<string, unknown>

/** Queues what happened just now, on the view that is open. */
export type Emit = (type: string, properties?: Given, more?: Pick<WireEvent, 'url' | 'referrer' | 'title'>) => void
