// @ts-check
// The live panel. It hears what the script captures and sends, asks the shop what the collector made of it, and shows
// both. All it needs from Leadlight is its public API, in hear.js: leadlight.push(['on', 'sent', …]).
import { keep, recall } from '../memory.js'
import { part, say, stages } from './element.js'
import { CHEER, celebrate, showTrouble } from './notice.js'
import { showSeen } from './seen.js'
import { showStanding } from './standing.js'
import { ofBatch } from './verdict.js'

/** @typedef {import('../../shop.ts').Look} Look */
/** @typedef {import('./seen.js').Seen} Seen */
/** @typedef {{ batch: import('../../../../shared/batch.ts').Batch, result: import('../../../../shared/batch.ts').BatchResult | import('./verdict.js').Refused }} Answer */

const KEY = 'skumring-panel'
/** Milliseconds of silence after which something is wrong. */
const SILENCE = 5_000
/** Milliseconds before each question: the answer to a batch comes right after the commit, so that the first nearly always does. */
const PATIENCE = [0, 150, 400, 1_000, 2_500]

/** Kept from page to page: who the visitor is, what was shown last, what is being celebrated, whether the panel is open.
 *  @type {{ visitor?: string, look?: Look, cheer?: { stage: string, until: number }, open?: boolean }} */
let memory = recall('sessionStorage', KEY, {})

/** @param {typeof memory} news */
const remember = news => {
  memory = { ...memory, ...news }
  keep('sessionStorage', KEY, memory)
}

/** Events of this page by id. @type {Map<string, Seen>} */
const captured = new Map()

const showEvents = () => showSeen(memory.look?.events ?? [], [...captured.values()])

/** @param {string} stage */
const rank = stage => stages.findIndex(([id]) => id === stage)

/** @param {Look} look */
function show(look) {
  const risen = rank(look.stage) > rank(memory.look?.stage ?? 'visitor')
  remember({ look })
  showStanding(look)
  showEvents()
  if (!risen) return say(`Score ${look.explanation.score.toFixed(1)} of ${look.mqlAt}, stage ${look.stage}.`)
  // A form takes its page away: the celebration goes on on the next.
  remember({ cheer: { stage: look.stage, until: Date.now() + CHEER } })
  celebrate(look.stage, CHEER)
}

/** @param {string} visitor @returns {Promise<Look | null>} */
async function lookAt(visitor) {
  const response = await fetch(`/demo/live?visitor=${encodeURIComponent(visitor)}`)
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}

let asking = 0

/** Asks what is known of the visitor, until all of `ids` is. @param {string[]} ids */
async function ask(ids) {
  const mine = ++asking
  let trouble = ''
  for (const wait of PATIENCE) {
    await new Promise(done => setTimeout(done, wait))
    if (mine !== asking || !memory.visitor) return
    try {
      const look = await lookAt(memory.visitor)
      if (mine !== asking) return
      if (look) show(look)
      if (look && ids.every(id => look.events.some(event => event.id === id))) return
      trouble = look ? '' : 'The events have arrived, but the collector does not know this visitor yet.'
    } catch (error) {
      trouble = `The shop does not say what became of the events: ${String(error)}.`
    }
  }
  if (trouble) showTrouble(trouble)
}

/** @param {Answer} answer */
function take({ batch, result }) {
  if (batch.visitor !== memory.visitor) remember({ visitor: batch.visitor, look: undefined })
  const known = new Set(memory.look?.events.map(({ id }) => id))
  const verdicts = ofBatch(batch, result, known)
  for (const event of batch.events)
    captured.set(event.id, { event, verdict: verdicts.get(event.id) ?? { verdict: 'sending' } })
  showEvents()
  void ask([...verdicts].filter(([, { verdict }]) => verdict === 'accepted').map(([id]) => id))
}

/** `leadlight` is an array until the script has run, and then the script: both take calls. hear.js fills `heard`.
 *  @type {Window & { leadlight?: { push: (...calls: unknown[][]) => unknown }, heard?: (Answer | { event: Seen['event'] })[] }} */
const page = window
let silent = true

const takeHeard = () => {
  for (const news of page.heard?.splice(0) ?? [])
    if ('event' in news) {
      captured.set(news.event.id, { event: news.event, verdict: { verdict: 'sending' } })
      showEvents()
    } else if (!('status' in news.result && news.result.status === 0)) {
      // Anything but silence of the network, after which the batch is sent again.
      silent = false
      showTrouble(null)
      take(news)
    }
}

const awaitNews = () => {
  // A page in the background sends nothing until it is seen.
  if (document.visibilityState === 'hidden') return
  document.removeEventListener('visibilitychange', awaitNews)
  setTimeout(() => {
    if (!silent) return
    if (Array.isArray(page.leadlight))
      showTrouble('Nothing has arrived: /leadlight.js did not run.', [
        'An ad or tracking blocker may have stopped it: allow this site and reload.',
        'Or it could not be loaded: look for leadlight.js in the browser’s network panel.',
      ])
    else
      showTrouble('Nothing has arrived, though the script runs.', [
        'A blocker may stop the requests to /e, or the network is away.',
        'Or the browser asks not to be tracked (Global Privacy Control), and consent was not given.',
      ])
  }, SILENCE)
}

const wide = matchMedia('(min-width: 72rem)')
const isOpen = () => memory.open ?? wide.matches
const arrange = () => {
  document.documentElement.dataset['panel'] = isOpen() ? 'open' : 'closed'
  part('toggle').setAttribute('aria-expanded', String(isOpen()))
  part('toggle-name').textContent = isOpen() ? 'Hide' : 'Show'
}

part('toggle').addEventListener('click', () => {
  remember({ open: !isOpen() })
  arrange()
})
part('again').addEventListener('click', () => {
  page.leadlight?.push(['reset'])
  keep('sessionStorage', KEY, null)
  keep('localStorage', 'skumring', null)
  location.assign('/demo')
})
wide.addEventListener('change', arrange)
document.addEventListener('visibilitychange', awaitNews)
addEventListener('heard', takeHeard)
addEventListener('pageshow', () => void ask([]))

arrange()
if (memory.look) showStanding(memory.look)
showEvents()
if (memory.cheer && memory.cheer.until > Date.now()) celebrate(memory.cheer.stage, memory.cheer.until - Date.now())
takeHeard()
awaitNews()
