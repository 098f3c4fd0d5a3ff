import { html } from 'hono/html'

type Html = ReturnType<typeof html>

export interface Post {
  slug: string
  title: string
  /** ISO date. */
  date: string
  minutes: number
  teaser: string
  /** The picture's name in art.ts. */
  art: string
  body: Html
}

export const POSTS: readonly Post[] = [
  {
    slug: 'how-high-should-a-pendant-hang',
    title: 'How high should a pendant hang?',
    date: '2025-10-02',
    minutes: 3,
    teaser: 'Lower than you think. A tape measure, two people and a rule of thumb that has never failed us.',
    art: 'height',
    body: html`<p>
        Most lamps hang too high. It is an honest mistake: the electrician stands on a ladder, the table is not there
        yet, and nobody wants to bump a head. Then the lamp hangs for twenty years where it lights the ceiling best.
      </p>
      <h2>Over a table: 60 to 70 centimetres</h2>
      <p>
        Measure from the table top to the rim of the shade. At sixty you see the person across from you under the lamp;
        at seventy you see them around it. Between the two, the shade hides the light source from both of you, and the
        food has never looked better.
      </p>
      <h2>Over a kitchen counter: 75</h2>
      <p>
        You stand there, so it hangs a hand higher. Three small shades beat a large one: your own shadow falls between
        them.
      </p>
      <h2>In a stairwell: follow the stairs</h2>
      <p>
        The lowest lamp should clear the tallest guest by a hand's width on the lowest landing. Everything above may
        follow the handrail. Draw it from the side before you order cords, or send us the section and we draw it for
        you.
      </p>
      <p>
        And the tape measure? Hang a paper cup from a thread, live with it for a week, and move it every evening. It
        costs nothing and is always right.
      </p>`,
  },
  {
    slug: 'the-warm-end-of-white',
    title: 'The warm end of white',
    date: '2025-09-11',
    minutes: 4,
    teaser: 'Kelvin, colour rendering and flicker: the three numbers on a data sheet that you will live with.',
    art: 'white',
    body: html`<p>
        A data sheet has forty numbers. Thirty-seven are for the electrician. These three are for the people who will
        sit under the lamp.
      </p>
      <h2>Kelvin: the colour of white</h2>
      <p>
        A candle burns at about 1,800 K, an old bulb glowed at 2,700 K, an overcast noon is 6,500 K. We build at 2,700 K
        and let the lamp grow warmer as it dims, as fire does. If you mix colours in a room, mix them on purpose.
      </p>
      <h2>CRI: what the light leaves out</h2>
      <p>
        Colour rendering says how much of the spectrum is really there. Below 90, skin and salmon turn grey. Ask for 95
        and for the red value, R9, by name: it is the one that cheap diodes lack.
      </p>
      <h2>Flicker: what you feel but do not see</h2>
      <p>
        Point your phone's slow-motion camera at the lamp. If the picture pulses, so does the lamp, and somebody in the
        house will get a headache from it. Good drivers do not flicker, at any level of dimming. Ask for SVM below 0.4.
      </p>
      <p>All three are on the first page of our specification, where they belong.</p>`,
  },
]

export const postCalled = (slug: string): Post | undefined => POSTS.find(post => post.slug === slug)

/** `2 October 2025`. */
export const written = (date: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date))
