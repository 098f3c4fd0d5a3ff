import type { WireEvent } from '../shared/event.ts'
import type { Leadlight, Sent } from './leadlight.ts'

// oxlint-disable no-console

// What `?leadlight_debug` adds to a page: each event, what became of it and why, in the console and in a corner of the
// page. Ordinary visitors never load this file.

const CSS = `
  :host { all: initial }
  section { position: fixed; right: 12px; bottom: 12px; z-index: 2147483647; width: min(420px, 92vw); max-height: 60vh;
    overflow: auto; font: 12px/1.5 system-ui, sans-serif; color: #e8eaed; background: #16181d; border-radius: 8px;
    box-shadow: 0 4px 24px #0008 }
  header { position: sticky; top: 0; display: flex; padding: 8px 12px; background: #23262d; font-weight: 600 }
  header button { margin-left: auto; font: inherit; color: inherit; background: none; border: 0; cursor: pointer }
  ol { margin: 0; padding: 0; list-style: none }
  li { padding: 6px 12px; border-top: 1px solid #2d3139; overflow-wrap: anywhere }
  small { display: block; color: #9aa0a6 }
  .good small { color: #81c995 } .bad small { color: #f6aea9 } .warn small { color: #fdd663 }
`

type Tone = 'good' | 'bad' | 'warn' | ''

/** The rows of events, by event id. */
const rows = new Map<string, HTMLElement>()
const list = document.createElement('ol')

function overlay(): void {
  const host = document.createElement('leadlight-debug')
  host.setAttribute('data-ll-ignore', '')
  const section = document.createElement('section')
  section.setAttribute('aria-label', 'Leadlight debug')
  const header = document.createElement('header')
  header.textContent = 'Leadlight'
  const close = document.createElement('button')
  close.textContent = '×'
  close.setAttribute('aria-label', 'Close')
  close.addEventListener('click', () => host.remove())
  header.append(close)
  section.append(header, list)
  // A constructed style sheet: a policy against inline styles does not forbid it.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(CSS)
  const root = host.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = [sheet]
  root.append(section)
  ;(document.body ?? document.documentElement).append(host)
}

function say(row: HTMLElement, tone: Tone, text: string): void {
  row.className = tone
  row.querySelector('small')!.textContent = text
}

function addRow(title: string, tone: Tone, text: string): HTMLElement {
  const row = document.createElement('li')
  row.append(title, document.createElement('small'))
  say(row, tone, text)
  list.prepend(row)
  return row
}

function rowOf(event: WireEvent): HTMLElement {
  const known = rows.get(event.id)
  if (known) return known
  const facts = JSON.stringify(event.properties ?? {})
  const row = addRow(facts === '{}' ? event.type : `${event.type} ${facts.slice(0, 300)}`, '', 'waits to be sent')
  rows.set(event.id, row)
  return row
}

/** What the collector adds to its answer for a page that is being debugged. */
interface Explained {
  /** Why all events of the batch are worth nothing: `bot`, `foreign_origin`, `missing_origin`. */
  mark?: string | null
  /** Why events went to quarantine, by their place in the batch. */
  quarantine?: { index: number; reason: string }[]
}

const MARKS: Record<string, string> = {
  bot: 'the browser looks like a machine (bot)',
  foreign_origin: `${location.origin} is none of the site’s origins (foreign_origin)`,
  missing_origin: 'the request named no origin (missing_origin)',
}

/** What became of one event of a batch. */
export function outcome({ result }: Pick<Sent, 'result'>, index: number): [Tone, string] {
  if (!('accepted' in result)) {
    const { status, detail } = result
    if (!status) return ['warn', 'no answer: offline, or something blocks the request. It is sent again.']
    const again = status === 429 || status >= 500
    return [
      again ? 'warn' : 'bad',
      `refused (${status}): ${detail ?? 'no reason given'}${again ? ' It is sent again.' : ''}`,
    ]
  }
  const { mark, quarantine = [] } = result as Explained
  const dropped = result.dropped.find(each => each.index === index)
  if (dropped) return ['bad', `dropped: ${dropped.reason}`]
  const quarantined = quarantine.find(each => each.index === index)
  if (quarantined) return ['bad', `quarantined: ${quarantined.reason}`]
  if (mark) return ['warn', `kept, but worth nothing: ${MARKS[mark] ?? mark}`]
  return ['good', result.duplicate === result.accepted ? 'kept before (duplicate)' : 'accepted']
}

function heard(sent: Sent): void {
  for (const [index, event] of sent.batch.events.entries()) {
    const [tone, text] = outcome(sent, index)
    say(rowOf(event), tone, text)
    const log = tone === 'good' ? console.info : console.warn
    log(`[leadlight] ${event.type}: ${text}`, event)
  }
}

/** What the tags of a page say about where events go: site and collector. */
const destinations = (): string[] =>
  [...document.querySelectorAll<HTMLScriptElement>('script[src*="/leadlight."]')].map(({ src, dataset }) => {
    const { origin, searchParams } = new URL(src)
    const said = (option: string) => dataset[option] ?? searchParams.get(option)
    return `${said('site')} at ${said('host') ?? origin}`
  })

function watch(): void {
  overlay()
  const [first, ...others] = new Set(destinations())
  if (others.length > 0) {
    const text = `This page has tags for ${first} and for ${others.join(', ')}: only the one that runs first does anything.`
    console.warn(`[leadlight] ${text}`)
    addRow('Other tag', 'warn', text)
  }
  const leadlight = window.leadlight as Leadlight
  leadlight.on('event', event => void rowOf(event))
  leadlight.on('sent', heard)
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    const text = `The content security policy of this page forbids it: add ${blockedURI} to ${effectiveDirective}.`
    console.warn(`[leadlight] ${text}`)
    addRow('Blocked', 'bad', text)
  })
}

watch()
