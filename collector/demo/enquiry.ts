import { html } from 'hono/html'
import { LAMPS } from './catalog.ts'
import type { Html, Page } from './layout.ts'

const COUNTRIES = [
  ['NO', 'Norway'],
  ['DK', 'Denmark'],
  ['SE', 'Sweden'],
  ['FI', 'Finland'],
  ['IS', 'Iceland'],
  ['DE', 'Germany'],
  ['NL', 'Netherlands'],
  ['GB', 'United Kingdom'],
  ['FR', 'France'],
  ['US', 'United States'],
  ['other', 'Elsewhere'],
] as const

const ROLES = [
  ['architect', 'Architect'],
  ['interior_designer', 'Interior designer'],
  ['developer', 'Property developer'],
  ['contractor', 'Electrical contractor'],
  ['home', 'I live there'],
  ['student', 'Student'],
] as const

const choice = (
  id: string,
  label: string,
  options: readonly (readonly [string, string])[],
  autocomplete: string,
): Html =>
  html`<div class="field">
    <label for="${id}">${label} <span class="kept" aria-hidden="true"></span></label>
    <select id="${id}" name="${id}" autocomplete="${autocomplete}" data-ll-trait="${id}">
      <option value="">Choose …</option>
      ${options.map(([value, name]) => html`<option value="${value}">${name}</option>`)}
    </select>
  </div>`

/** The fields that make a person known. `data-ll-trait` names the trait that a field's value becomes. */
const person: Html = html`
  <div class="field">
    <label for="email">E-mail <span class="kept" aria-hidden="true"></span></label>
    <input
      id="email"
      name="email"
      type="email"
      autocomplete="email"
      required
      data-ll-trait="email"
      data-example="ada.berg@example.com"
    />
  </div>
  <div class="field">
    <label for="name">Name <span class="kept" aria-hidden="true"></span></label>
    <input id="name" name="name" autocomplete="name" required data-ll-trait="name" data-example="Ada Berg" />
  </div>
  <div class="field">
    <label for="company">Company <span class="kept" aria-hidden="true"></span></label>
    <input
      id="company"
      name="company"
      autocomplete="organization"
      data-ll-trait="company"
      data-example="Berg & Strand Architects"
    />
  </div>
  ${choice('country', 'Country', COUNTRIES, 'country')} ${choice('role', 'Role', ROLES, 'off')}
`

const note: Html = html`<p class="faint" id="kept-note">
  <span class="kept" aria-hidden="true"></span> E-mail, name, company, country and role are marked as traits: Leadlight
  keeps these five. Of the other fields it keeps the names, never the content.
</p>`

const fill: Html = html`<button type="button" class="quiet" data-fill hidden>Fill in as Ada, an architect</button>`

export const contactPage: Page = {
  title: 'Contact',
  description: 'Write to the workshop.',
  section: 'contact',
  main: html`
    <section class="enquiry narrow" aria-labelledby="contact-title">
      <h1 id="contact-title">Write to us</h1>
      <p class="lead">A question, a broken glass, a lamp to hang somewhere odd. One of the four of us will answer.</p>
      <form method="post" action="/demo/thanks/contact" data-ll-form="contact" aria-describedby="kept-note">
        ${fill} ${person}
        <div class="field full">
          <label for="message">Message</label>
          <textarea id="message" name="message" rows="5" data-example="Do you have Klokke in a sample box?"></textarea>
        </div>
        <div class="full"><button class="button">Send</button></div>
      </form>
      ${note}
    </section>
  `,
}

export const quotePage = (lamp: string | undefined): Page => ({
  title: 'Quote for a project',
  description: 'Prices for ten lamps or more, within one working day.',
  section: 'projects',
  main: html`
    <section class="enquiry narrow" aria-labelledby="quote-title">
      <h1 id="quote-title">Quote for a project</h1>
      <p class="lead">
        Tell us what you are building. You get a price within one working day, and a lighting plan within three if you
        want one. <a href="/demo/brochure.pdf" download="skumring-specification.pdf">The specification</a> has all
        measures.
      </p>
      <!-- A quote asks for more than a newsletter does: data-ll-form="quote" is kept as request_quote. -->
      <form method="post" action="/demo/thanks/quote" data-ll-form="quote" aria-describedby="kept-note">
        ${fill} ${person}
        <div class="field">
          <label for="lamp">Lamp</label>
          <select id="lamp" name="lamp">
            ${LAMPS.map(({ slug, name }) => html`<option value="${slug}" ${slug === lamp ? html`selected` : ''}>${name}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="number">Number</label>
          <input id="number" name="number" type="number" inputmode="numeric" min="1" max="10000" value="10" />
        </div>
        <div class="field full">
          <label for="project">The project</label>
          <textarea
            id="project"
            name="project"
            rows="4"
            data-example="Canteen for 80 people, ceiling 3.4 m, opening in May."
          ></textarea>
        </div>
        <div class="full"><button class="button">Ask for a quote</button></div>
      </form>
      ${note}
    </section>
  `,
})
