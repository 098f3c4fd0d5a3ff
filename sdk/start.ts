import type { WireEvent } from '../shared/event.ts'
import { address } from './address.ts'
import { watchAttributes } from './attributes.ts'
import { createBeacon } from './beacon.ts'
import { here, landing } from './campaign.ts'
import { watchDataLayer } from './data-layer.ts'
import type { Emit, Given } from './emit.ts'
import { watchEngagement } from './engagement.ts'
import { watchForms } from './forms.ts'
import { guard, later } from './guard.ts'
import type { Call, Leadlight, Options, Traits } from './leadlight.ts'
import { watchLinks } from './links.ts'
import { listen, undo } from './listen.ts'
import { watchPages } from './pages.ts'
import { createQueue } from './queue.ts'
import { uuid } from './uuid.ts'
import { known, NAME, newVisitor, recall, remember, type Visitor } from './visitor.ts'

type Verb = (...given: unknown[]) => unknown

/**
 * Starts tracking and returns the verbs, which `window.leadlight` then is as well; calls pushed there before are made
 * now. A second start returns the first one's verbs.
 */
export function start(options: Options): Leadlight {
  // Anything may be called so: an element with that id, for one.
  const early = window.leadlight as (Leadlight & Call[]) | undefined
  const { site, host = location.origin, consent, mode, storage, title, email } = options
  if (early?.track) return early
  const measuring = mode === 'measure'
  const persistent = !(measuring || storage)
  const listeners = new Set<[kind: string, listener: (news: never) => void]>()
  const notify = (about: string, news: unknown) => {
    for (const [kind, listener] of listeners) if (kind === about) guard(() => listener(news as never))
  }

  /** Whether consent must be asked for. */
  let asks = consent === 'required' || navigator.globalPrivacyControl
  /** Whether the page that shows what is sent is still to come. */
  let debugging = location.search.includes('leadlight_debug')
  let stopped: Verb | undefined
  let visitor: Visitor
  let leave: () => void
  const allowed = () =>
    visitor.id && (visitor.consent === 'granted' || !asks) && !document.prerendering && !debugging && !stopped
  const beacon = createBeacon(host + '/e' + (debugging ? '?debug' : ''))
  const [add, flush, openQueue, clear] = createQueue(
    site,
    beacon,
    () => (allowed() ? { sent_at: Date.now(), consent: visitor.consent || undefined } : undefined),
    (batch, result) => notify('sent', { batch, result }),
  )

  function turnInto(next: Visitor) {
    if (next.id !== visitor.id) {
      // The time engaged so far is the other's.
      leave()
      view = newView()
    }
    visitor = next
    if (!next.id) clear()
  }

  function become(next: Visitor) {
    turnInto(next)
    if (persistent && (next.consent || allowed())) remember(next)
  }

  const keep = () => allowed() && persistent && openQueue()

  /** Begins to use storage, and sends what had to wait for that. */
  function open() {
    if (!allowed()) return
    become(visitor)
    keep()
    flush()
  }

  const newView = () => ({ view: uuid(), seq: 0, url: here(options) })
  let view = newView()
  let { referrer, hidden } = document
  let arrival = landing()

  const emit: Emit = (type, properties, more) => {
    begin()
    if (stopped || !visitor.id) return
    // A copy, as the page may go on changing what it gave.
    const event: WireEvent = JSON.parse(
      JSON.stringify({ id: uuid(), type, at: Date.now(), ...view, ...more, properties }),
    )
    view.seq++
    notify('event', event)
    add(event, measuring ? view.view : visitor.id)
  }

  /** This event and all that follow are of somebody known. */
  const emitAs: Emit = (type, properties) => {
    const { user_id, traits, ...rest } = properties as { user_id?: string; traits?: Traits }
    if (measuring) return emit(type, rest)
    if (visitor.id) become(known(visitor, user_id, traits?.email))
    emit(type, properties)
  }

  /**
   * Finds out who is there, and begins to tell. In a task of its own, as reading what a browser keeps is slow, unless
   * something happens before.
   */
  function begin() {
    if (visitor) return
    const old = persistent && recall()
    visitor = old || newVisitor()
    leave = watchEngagement(emit)
    watchPages(() => here(options), show, hidden)
    watchDataLayer(emit, (command, state) => {
      if (command === 'update') verbs.consent(state)
      else asks ||= state === 'denied'
    })
    early?.forEach?.(verbs.push)
    // At once, so that a frame or a second tab of a first visit is the same visitor.
    if (!old) become(visitor)
  }

  function show(properties?: Given) {
    leave()
    view = newView()
    emit(
      'page_view',
      { ...properties, webdriver: navigator.webdriver || undefined },
      {
        url: here(options, arrival ?? location.href),
        referrer: referrer ? address(referrer) : undefined,
        title: title === 'off' ? undefined : document.title.slice(0, 150),
      },
    )
    arrival = undefined
    referrer = view.url
    later(flush)
    // Storage is slow to open, and may wait until the page is idle.
    ;(window.requestIdleCallback ?? setTimeout)(() => guard(open))
  }

  const verbs: Leadlight = {
    track: emit,
    page: show,
    identify: (id?: unknown, traits?: unknown) =>
      emitAs('identify', Object(id) === id ? { traits: id } : { user_id: id, traits }),
    group: (id, traits) => measuring || emit('group', { group_id: id + '', traits }),
    reset: () => become(newVisitor(visitor.consent)),
    consent(state) {
      const { id } = visitor
      const granted = state === 'granted'
      if (!granted && state !== 'denied') return
      // The collector is told if it can know the visitor.
      if (!granted && recall()?.id) {
        void beacon(JSON.stringify({ v: 1, key: site, visitor: id, events: [], sent_at: Date.now(), consent: state }))
      }
      become(granted && id ? { ...visitor, consent: state } : newVisitor(state))
      open()
      if (granted && !id) show()
    },
    flush,
    stop() {
      leave()
      flush()
      stopped = () => () => {}
      undo.forEach(each => each())
      window.leadlight = []
    },
    on(...listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    push: ([verb, ...given]) => (verbs[verb] as Verb)(...given),
  }
  for (const name in verbs) {
    const verb = verbs[name as 'track'] as Verb
    verbs[name as 'track'] = (...given) => guard(() => (begin(), stopped ?? verb)(...given))
  }

  // A page may be left before it was idle: what could not be sent then is kept.
  listen('pagehide', keep)
  // First of all, and so called last: after those who watch have said what there is to say about a page being left.
  // A network that failed may be there again; a collector that asked for a pause has it.
  listen('visibilitychange pagehide blur', ({ target }) => target instanceof Element || (begin(), flush(1)))
  listen('online', () => flush(1 / 0))
  listen('prerenderingchange', open)
  // Who the visitor is, or whether they consent, may change in another tab.
  listen('storage', event => {
    if ((event as StorageEvent).key === NAME) turnInto(recall() ?? visitor)
  })
  watchLinks(emit)
  watchAttributes(emit)
  watchForms(emit, emitAs, email)
  window.leadlight = verbs
  later(begin)
  if (debugging) {
    const ready = () => {
      debugging = false
      guard(open)
    }
    void import(host + '/leadlight-debug.js').then(ready, ready)
  }
  return verbs
}
