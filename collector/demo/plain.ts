import { html } from 'hono/html'
import type { Page } from './layout.ts'

export const careersPage: Page = {
  title: 'Careers',
  description: 'Work with us in Bergen.',
  main: html`
    <section class="narrow" aria-labelledby="careers-title">
      <h1 id="careers-title">Work with us</h1>
      <p class="lead">We are four people, a lathe and a kiln in a former sail loft in Bergen. Two chairs are free.</p>
      <div class="prose">
        <h2>Metal spinner</h2>
        <p>
          You turn a flat sheet into a bell and hear when it is right. Full time, from January, with a flat upstairs if
          you need one.
        </p>
        <h2>Lighting planner</h2>
        <p>
          You read a section, find the table in it and put the light there. Four days a week, two of them from anywhere.
        </p>
        <p>
          Write to us through the <a href="/demo/contact">contact form</a>. A portfolio of three things beats one of
          thirty.
        </p>
      </div>
    </section>
  `,
}

const THANKS: Record<string, { title: string; text: string }> = {
  newsletter: { title: 'You are on the list', text: 'The next letter goes out when the clocks change.' },
  contact: { title: 'Thank you for writing', text: 'One of us will answer, usually before the coffee is cold.' },
  quote: {
    title: 'We are on it',
    text: 'You would have a price within one working day, if this were a real workshop.',
  },
  checkout: {
    title: 'This is where you would pay',
    text: 'The demo ends at the till: nothing is sold here. Your cart stays as it is.',
  },
}

export const isThanked = (kind: string): boolean => Object.hasOwn(THANKS, kind)

/** After a form. `kind` must satisfy `isThanked`. */
export const thanksPage = (kind: string): Page => {
  const { title, text } = THANKS[kind]!
  return {
    title,
    description: text,
    main: html`
      <section class="narrow thanks" aria-labelledby="thanks-title">
        <h1 id="thanks-title">${title}</h1>
        <p class="lead">${text}</p>
        <p class="actions">
          <a class="button" href="/demo">Back to the lamps</a>
          <a class="button ghost" href="/demo#journal">Read the journal</a>
        </p>
      </section>
    `,
  }
}

export const missingPage: Page = {
  title: 'Page not found',
  description: 'There is no such page.',
  main: html`
    <section class="narrow thanks" aria-labelledby="missing-title">
      <h1 id="missing-title">It is dark in here</h1>
      <p class="lead">There is no page at this address.</p>
      <p class="actions"><a class="button" href="/demo">Back to the lamps</a></p>
    </section>
  `,
}
