// @ts-check
// The live panel. It hears what the script sends, asks the shop what the collector made of it, and shows both.
// All it needs from Leadlight is one line of the public API, in hear.js: leadlight.push(['on', 'sent', …]).
import { keep, recall } from './memory.js'
import { ofBatch } from './verdict.js'
import { celebrate, part, say, showLook, showTrouble } from './view.js'

/** @typedef {import('./shop.ts').Look} Look */
/** @typedef {import('../../shared/batch.ts').Batch} Batch */
/** @typedef {import('../../shared/batch.ts').BatchResult} BatchResult */
/** @typedef {import('../../shared/stage.ts').Stage} Stage */

const KEY = 'skumring-panel'
const STAGES = ['visitor', 'subscriber', 'lead', 'mql']

/** Kept from page to page: who the visitor is, what was shown last, whether the panel is open.
 *  @type {{ visitor?: string, look?: Look, stage?: Stage, open?: boolean }} */
let memory = recall('sessionStorage', KEY, {})

/** Events sent from this page, and the answer they got.
 *  @type {import('./view.js').Sent[]} */
const sent = []

/** @param {typeof memory} news */
const remember = news => {
  memory = { ...memory, ...news }
  keep('sessionStorage', KEY, memory)
}

/** @param {Look} look */
function show(look) {
  const before = memory.stage ?? 'visitor'
  const risen = STAGES.indexOf(look.stage) > STAGES.indexOf(before)
  remember({ look, stage: risen ? look.stage : before })
  showLook(look, sent)
  say(`Score ${look.explanation.score.toFixed(1)} of ${look.mqlAt}, stage ${look.stage}.`)
  if (risen) celebrate(look.stage)
}

let asking = 0

/** Asks until everything in `ids` is there: the answer to a batch comes right after the commit, not before it.
 *  @param {string[]} ids */
async function ask(ids) {
  const mine = ++asking
  for (const wait of [0, 150, 400, 1000, 2500]) {
    await new Promise(done => setTimeout(done, wait))
    if (mine !== asking || !memory.visitor) return
    try {
      const response = await fetch(`/demo/live?visitor=${encodeURIComponent(memory.visitor)}`)
      if (!response.ok) throw new Error(`${response.status}`)
      /** @type {Look | null} */
      const look = await response.json()
      if (mine !== asking) return
      if (look) show(look)
      if (look && ids.every(id => look.events.some(event => event.id === id))) return
      if (!look && wait === 2500) showTrouble('The events arrived, but the collector does not show this visitor yet.')
    } catch (error) {
      if (wait === 2500) showTrouble(`The shop did not answer what became of the events (${String(error)}).`)
    }
  }
}

let heard = false

/** @param {{ batch: Batch, result: BatchResult }} answer */
function onSent({ batch, result }) {
  heard = true
  showTrouble(null)
  const known = new Set([...(memory.look?.events ?? []), ...sent.map(({ event }) => event)].map(({ id }) => id))
  const verdicts = ofBatch(batch, result, known)
  for (const event of batch.events) sent.push({ event, verdict: verdicts.get(event.id) ?? { verdict: 'accepted' } })
  if (batch.visitor !== memory.visitor) remember({ visitor: batch.visitor, look: undefined, stage: undefined })
  void ask(batch.events.map(({ id }) => id).filter(id => verdicts.get(id)?.verdict === 'accepted'))
}

/** `leadlight` is an array until the script has run, and then the script: both take calls. `heard` is filled by hear.js.
 *  @type {Window & { leadlight?: { push: (call: unknown[]) => unknown }, heard?: { batch: Batch, result: BatchResult }[] }} */
const page = window
const takeHeard = () => {
  for (const answer of page.heard?.splice(0) ?? []) onSent(answer)
}
addEventListener('heard', takeHeard)

const listenForSilence = () => {
  if (document.visibilityState === 'hidden') return
  document.removeEventListener('visibilitychange', listenForSilence)
  setTimeout(() => {
    if (heard) return
    if (Array.isArray(page.leadlight))
      showTrouble('Nothing has arrived: /leadlight.js did not run.', [
        'An ad or tracking blocker may have stopped it: allow this site and reload.',
        'Or it could not be loaded: look for leadlight.js in the browser’s network panel.',
      ])
    else
      showTrouble('Nothing has arrived, though the script runs.', [
        'A blocker may stop the requests to /e.',
        'Or the collector refused them: the answer’s leadlight-result header says why.',
        'Or the browser asks not to be tracked, and consent was not given.',
      ])
  }, 5000)
}
document.addEventListener('visibilitychange', listenForSilence)
listenForSilence()

const wide = matchMedia('(min-width: 72rem)')
const arrange = () => {
  const open = memory.open ?? wide.matches
  document.documentElement.dataset.panel = open ? 'open' : 'closed'
  part('toggle').setAttribute('aria-expanded', String(open))
  part('toggle-name').textContent = open ? 'Hide' : 'Show'
}
part('toggle').addEventListener('click', () => {
  remember({ open: !(memory.open ?? wide.matches) })
  arrange()
})
wide.addEventListener('change', arrange)
arrange()

part('again').addEventListener('click', () => {
  page.leadlight?.push(['reset'])
  keep('sessionStorage', KEY, null)
  keep('localStorage', 'skumring', null)
  location.assign('/demo')
})

if (memory.look) showLook(memory.look, sent)
takeHeard()
addEventListener('pageshow', () => void ask([]))
