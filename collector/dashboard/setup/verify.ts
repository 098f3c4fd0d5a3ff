import type { StoredEvent } from '../../../shared/event.ts'
import type { Sighting } from '../../../shared/sighting.ts'
import { link, type Frame } from '../frame.ts'
import { html, type Html, type Piece } from '../html.ts'
import { ICONS } from '../icon.ts'
import { cut, spoken } from '../who.ts'
import { goOn, setUpPage } from './steps.ts'

export interface Verification {
  /** The latest event that counts, and whose it is. */
  event: StoredEvent | null
  lead: string | null
  sightings: readonly Sighting[]
  /** Pages of the site that can be opened to see whether they are heard of. */
  places: readonly string[]
  /** How browsers reach the collector. */
  url: string
  /** Changes with anything that the page shows. */
  pulse: string
}

/** `/setup/verify`: whether events come, and why others do not count. */
export function verifyStep(frame: Frame, verification: Verification): Html {
  const { words, here } = frame
  const { event, pulse } = verification
  return setUpPage(frame, 'verify', {
    isVerified: event !== null,
    scripts: ['pulse.js'],
    main: html`
      <section
        class="card"
        aria-labelledby="verify-title"
        data-pulse="${pulse}"
        data-from="${link(frame, '/setup/pulse')}"
      >
        <h2 id="verify-title" class="${event ? 'works' : 'waits'}">
          ${event && ICONS.check} ${words.say(event ? 'setup.works' : 'setup.waits')}
        </h2>
        <p class="hint">${words.say(event ? 'setup.works.text' : 'setup.waits.text')}</p>
        ${event && arrived(frame, event, verification.lead)} ${places(frame, verification)}
        <p class="hint"><a href="${here}">${words.say('setup.refresh')}</a></p>
      </section>
      ${obstacles(frame, verification)}
    `,
  })
}

function places(frame: Frame, { event, places: known }: Verification): Html {
  const { words } = frame
  if (known.length === 0) return html`<p><a href="${link(frame, '/setup')}">${words.say('setup.noPlaces')}</a></p>`
  return html`<p class="row">
    ${known
      .slice(0, 6)
      .map(
        place =>
          html`<a
            class="button ${!event && 'primary'}"
            href="${link(frame, '/setup/open', { url: place })}"
            target="_blank"
            rel="noopener"
            >${words.say('setup.open', { place: place.replace(/^https?:\/\//, '') })}</a
          >`,
      )}
  </p>`
}

function arrived(frame: Frame, event: StoredEvent, lead: string | null): Html {
  const { words, now } = frame
  const name = words.sayIf(`event.${event.type}`, spoken(event.type))
  const line = (label: string, value: Piece): Html =>
    html`<div>
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`
  return html`<dl class="facts">
      ${line(words.say('setup.event'), html`<b>${name}</b> <code>${cut(event.type, 100)}</code>`)}
      ${line(words.say('date'), html`${words.dateTime(event.at)} <span class="soft">${words.relative(event.at, now)}</span>`)}
      ${event.url !== undefined && line(words.say('setup.page'), cut(event.url, 200))}
      ${
        lead !== null &&
        line(words.say('lead'), html`<a href="${link(frame, `/leads/${encodeURIComponent(lead)}`)}">${lead}</a>`)
      }
    </dl>
    <details class="raw">
      <summary>${words.say('setup.raw')}</summary>
      <pre
        tabindex="0"
        role="region"
        aria-label="${words.say('setup.raw')}"
      ><code>${JSON.stringify(event, null, 2)}</code></pre>
    </details>
    ${goOn(frame, 'model')}`
}

function obstacles(frame: Frame, { sightings, url }: Verification): Html {
  const { words } = frame
  return html`<section class="card" aria-labelledby="obstacles-title">
    <h2 id="obstacles-title">${words.say('setup.obstacles')}</h2>
    ${
      sightings.length === 0
        ? html`<p class="soft">${words.say('setup.obstacles.none')}</p>`
        : html`<p class="hint">${words.say('setup.obstacles.text')}</p>
            <ul class="obstacles">
              ${sightings.map(sighting => obstacle(frame, sighting, url))}
            </ul>`
    }
  </section>`
}

function obstacle(frame: Frame, sighting: Sighting, url: string): Html {
  const { words, now, site, csrf } = frame
  const { obstacle: name, detail, origin, types, at, count, userAgent } = sighting
  return html`<li>
    <h3>
      ${words.say(`obstacle.${name}`)}
      <span class="soft">${words.relative(at, now)} · ${words.say('setup.times', { count })}</span>
    </h3>
    <p>${words.say(`obstacle.${name}.text`, { key: site.writeKey, collector: url })}</p>
    <p class="soft" lang="en">
      <span class="said">${detail}</span>
      ${types.length > 0 && html`<code>${types.map(type => cut(type, 60)).join(', ')}</code>`}
      ${origin !== null && html`<code>${origin}</code>`}
      ${name !== 'bot' && userAgent !== '' && html`<span class="agent">${cut(userAgent, 120)}</span>`}
    </p>
    ${
      name === 'origin' &&
      origin !== null &&
      !site.origins.includes(origin) &&
      /^(https?:|null$)/.test(origin) &&
      html`<form method="post" action="${link(frame, '/setup/allow')}">
        <input type="hidden" name="csrf" value="${csrf}" />
        <input type="hidden" name="origin" value="${origin}" />
        <button>${words.say('setup.allow', { origin })}</button>
      </form>`
    }
  </li>`
}
