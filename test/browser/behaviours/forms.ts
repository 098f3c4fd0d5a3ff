import { expect } from 'vitest'
import { everything, HASTE, type Behaviours, type Stage } from './behaviour.ts'

const submitted = ({ place }: Stage) => place.events('form_submit').map(({ properties }) => properties['form_id'])

const FIELDS = '<input name="name" required><button>Send</button>'

export default {
  'a form is started once, and submitted by button, Enter, script and single-page application': async stage => {
    const { place, open } = stage
    place.page(
      '/',
      `${place.tag()}${HASTE}<iframe name="away"></iframe>
       <form id="button" action="/button" target="away">${FIELDS}</form>
       <form id="enter" action="/enter" target="away">${FIELDS}</form>
       <form id="script" action="/script" target="away">${FIELDS}</form>
       <form id="application">${FIELDS}</form>
       <form id="invalid" action="/invalid" target="away">${FIELDS}<input name="more" required></form>
       <script>
         const form = document.getElementById('application')
         form.addEventListener('submit', event => { event.preventDefault(); new FormData(form) })
       </script>`,
    )
    const tab = await open()
    await place.until('page_view')
    await tab.type('#button input', 'Ada')
    await tab.click('#button button')
    await tab.type('#enter input', 'Ada')
    await tab.press('Enter')
    await tab.type('#script input', 'Ada')
    await tab.evaluate(() => document.querySelector<HTMLFormElement>('#script')!.requestSubmit())
    await tab.type('#application input', 'Ada')
    await tab.click('#application button')
    await tab.type('#invalid input', 'Ada')
    await tab.click('#invalid button')
    await everything(stage, tab)
    const started = place.events('form_start').map(({ properties }) => properties['form_id'])
    expect(started).toEqual(['button', 'enter', 'script', 'application', 'invalid'])
    expect(submitted(stage)).toEqual(['button', 'enter', 'script', 'application'])
    expect(place.events('form_submit').map(({ properties }) => properties['prevented'])).toEqual([
      undefined,
      undefined,
      undefined,
      true,
    ])
    expect(JSON.stringify(place.line.requests.map(({ body }) => body.toString()))).not.toContain('Ada')
  },

  'a form that a script sends away, with submit(), of which no event tells': async stage => {
    const { place, open } = stage
    place.page('/', `${place.tag()}${HASTE}<form id="silent" action="/thanks">${FIELDS}</form>`)
    place.page('/thanks', place.tag() + HASTE)
    const tab = await open()
    await place.until('page_view')
    await tab.type('input', 'Ada')
    await tab.evaluate(() => void setTimeout(() => document.querySelector('form')!.submit()))
    await place.until('page_view', 2)
    await everything(stage, tab)
    expect(submitted(stage)).toEqual(['silent'])
  },

  'what a form makes known is of the person who filled it in, and survives the page': async stage => {
    const { place, open } = stage
    place.page(
      '/',
      `${place.tag()}<form action="/thanks" data-ll-form="contact">
         <input name="email" data-ll-trait="email"><input name="secret"><button>Send</button></form>`,
    )
    place.page('/thanks', place.tag() + HASTE)
    const tab = await open()
    await place.until('page_view')
    await tab.type('[name=email]', 'ada@example.org')
    await tab.type('[name=secret]', 'swordfish')
    await tab.press('Enter')
    const [form] = await place.until('contact')
    expect(form!.properties).toMatchObject({ form_kind: 'contact', traits: { email: 'ada@example.org' } })
    expect(JSON.stringify(place.events())).not.toContain('swordfish')
  },
} satisfies Behaviours
