import type { Batch, BatchResult } from '../shared/batch.ts'
import type { WireEvent } from '../shared/event.ts'
import type { Consent } from './visitor.ts'
import type { EventProperties } from './event-properties.ts'

export interface Options {
  /** The site's public write key, `wk_…`. */
  site: string
  /** Origin of the collector. Default: for the tag, where the script came from; for the module, the page's own. */
  host?: string
  /** `required` stores and sends nothing before `consent('granted')`. So does a browser with Global Privacy Control. */
  consent?: 'required'
  /**
   * `measure` counts without knowing anybody: nothing is kept in the browser, there is no visitor, each page view stands
   * for itself, and who somebody is (`identify`, `group`, marked fields) is not sent. Default: `profile`.
   */
  mode?: 'profile' | 'measure'
  /** `none` keeps nothing in the browser: each page is then a visitor of its own. */
  storage?: 'none'
  /** `off` sends no page titles. */
  title?: 'off'
  /** Names of query parameters to keep beside those of campaigns, comma-separated. */
  query?: string
  /** `on` where the application keeps its route in the fragment, as in `/#/pricing`. */
  hash?: 'on'
  /** `on` makes whoever submits a form known by what they enter into its e-mail field, marked or not. */
  email?: 'on'
}

export interface Traits {
  /** Makes the person known. */
  email?: string
  [name: string]: unknown
}

export type Properties<Name> = (Name extends keyof EventProperties ? EventProperties[Name] : unknown) & {
  [name: string]: unknown
}

/**
 * How a request ended: the batch, and the collector's answer to it, or its refusal (a problem document, RFC 9457). A
 * status of 0 is a network that failed, or something that blocks requests: like 429 and 5xx, the batch is sent again.
 */
export interface Sent {
  batch: Batch
  result: BatchResult | { status: number; detail?: string }
}

/** What listeners may listen for. */
export interface News {
  /** An event is about to be queued; the listener may still change it. */
  event: WireEvent
  /** A batch was answered. */
  sent: Sent
}

/** No verb ever throws. */
export interface Leadlight {
  /** Something happened. Names are GA4's where it has one. */
  track<Name extends keyof EventProperties | (string & {})>(name: Name, properties?: Properties<Name>): void
  /** Another page is shown, beside those whose change of address tells. */
  page(properties?: Record<string, unknown>): void
  /** Who the visitor is. Somebody else than before becomes a visitor of their own. */
  identify(traits: Traits): void
  identify(id: string | number | null | undefined, traits?: Traits): void
  /** The company or other group that the visitor belongs to. */
  group(id: string | number, traits?: Record<string, unknown>): void
  /** Whoever comes next is somebody else: to be called on logging out. */
  reset(): void
  /** `denied` forgets the visitor and all that waits to be sent; either answer is remembered. */
  consent(state: Consent): void
  /** Sends now what waits. */
  flush(): void
  /** Sends what waits and takes every listener and timer away. */
  stop(): void
  on<Kind extends keyof News>(kind: Kind, listener: (news: News[Kind]) => void): () => void
  /** Makes a call written as an array, `['track', 'add_to_cart', { item_id: 'A1' }]`, as before the script has loaded. */
  push(call: Call): void
}

type Plain = 'page' | 'group' | 'reset' | 'consent' | 'flush' | 'stop'

/** A verb and what to call it with. */
export type Call =
  | { [Verb in Plain]: [verb: Verb, ...Parameters<Leadlight[Verb]>] }[Plain]
  | [verb: 'track', name: keyof EventProperties | (string & {}), properties?: Record<string, unknown>]
  | [verb: 'identify', traits: Traits]
  | [verb: 'identify', id: string | number | null | undefined, traits?: Traits]
  | { [Kind in keyof News]: [verb: 'on', kind: Kind, listener: (news: News[Kind]) => void] }[keyof News]

declare global {
  interface Window {
    /** An array of calls until the script has loaded. */
    leadlight: Leadlight | Call[]
  }
}
