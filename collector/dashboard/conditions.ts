import { FACETS } from '../../shared/facet.ts'
import { link, type Frame } from './frame.ts'
import { html, type Piece } from './html.ts'
import { ICONS } from './icon.ts'
import { cut } from './who.ts'

type Query = Readonly<Record<string, string>>

/** What is asked of leads besides what stands in the filter form, each part with a link that takes it away. */
export function conditions(frame: Frame, query: Query): Piece {
  const told = toldOf(frame, query)
  if (told.length === 0) return null
  const { words } = frame
  return html`<ul class="conditions" aria-label="${words.say('conditions')}">
    ${told.map(({ text, names }) => {
      const left = Object.fromEntries(
        Object.entries(query).filter(([name]) => !names.includes(name) && name !== 'after'),
      )
      return html`<li>
        <a class="chip" href="${link(frame, '/leads', left)}"
          >${text}<span class="visually-hidden"> – ${words.say('conditions.remove')}</span>${ICONS.cross}</a
        >
      </li>`
    })}
  </ul>`
}

function toldOf({ words }: Frame, query: Query): { text: string; names: string[] }[] {
  const told: { text: string; names: string[] }[] = []
  const has = (name: string): boolean => (query[name] ?? '') !== ''
  const span = (from: string, to: string): string =>
    has(from) && has(to)
      ? words.say('conditions.span', { from: cut(query[from]!, 25), to: cut(query[to]!, 25) })
      : has(from)
        ? words.say('conditions.from', { from: cut(query[from]!, 25) })
        : words.say('conditions.to', { to: cut(query[to]!, 25) })
  if (has('reached')) {
    const stage = words.sayIf(`stage.${query['reached']}`, cut(query['reached']!, 20))
    const when = has('reached_from') || has('reached_to') ? ` ${span('reached_from', 'reached_to')}` : ''
    told.push({
      text: words.say('conditions.reached', { stage }) + when,
      names: ['reached', 'reached_from', 'reached_to'],
    })
  }
  if (has('from') || has('to'))
    told.push({ text: words.say('conditions.came', { span: span('from', 'to') }), names: ['from', 'to'] })
  if (query['candidate'] === 'true') told.push({ text: words.say('fastTrack'), names: ['candidate'] })
  if (query['overdue'] === 'true') told.push({ text: words.say('conditions.overdue'), names: ['overdue'] })
  if (has('label')) told.push({ text: cut(query['label']!, 40), names: ['label'] })
  if (has('score_lt'))
    told.push({ text: words.say('conditions.scoreUnder', { score: cut(query['score_lt']!, 12) }), names: ['score_lt'] })
  if (has('seen_since'))
    told.push({ text: words.say('conditions.seenSince', { at: cut(query['seen_since']!, 25) }), names: ['seen_since'] })
  for (const facet of FACETS) {
    if (!has(facet) || facet === 'source' || facet === 'campaign') continue
    told.push({ text: `${words.say(`facet.${facet}`)}: ${cut(query[facet]!, 60)}`, names: [facet] })
  }
  if (query['touch'] === 'first') told.push({ text: words.say('touch.first'), names: ['touch'] })
  return told
}
