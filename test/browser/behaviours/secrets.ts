import { expect } from 'vitest'
import type { Request } from '../engines/line.ts'
import { everything, HASTE, type Behaviours } from './behaviour.ts'
import { formOf, FORM_SHAPES, SECRET } from './form-shapes.ts'

const SHAPES = Object.keys(FORM_SHAPES)

/** Elements that hold fields of their own, and a page that sends no form away. */
const ELEMENTS = `<script>
  customElements.define('x-field', class extends HTMLElement {
    static formAssociated = true
    connectedCallback() {
      this.attachInternals().setFormValue('${SECRET}')
      this.attachShadow({ mode: 'open' }).innerHTML = '<input name="inner">'
    }
  })
  customElements.define('x-form', class extends HTMLElement {
    connectedCallback() {
      this.attachShadow({ mode: 'open' }).innerHTML = '<form><input name="shadowed"><textarea name="t">${SECRET}</textarea><button>Send</button></form>'
      // A submission does not leave its shadow tree.
      this.shadowRoot.addEventListener('submit', event => event.preventDefault())
    }
  })
  document.addEventListener('submit', event => event.preventDefault())
</script>`

/** In the page: enters the secret everywhere, as a person, a password manager or a script would, and sends every form. */
function fillIn(secret: string): void {
  const roots: (Document | ShadowRoot)[] = [document]
  for (const root of roots) {
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot)
    for (const frame of root.querySelectorAll('iframe')) roots.push(frame.contentDocument!)
  }
  const say = (element: Element, ...kinds: string[]) => {
    for (const kind of kinds) element.dispatchEvent(new Event(kind, { bubbles: true, composed: true }))
  }
  for (const root of roots) {
    for (const field of root.querySelectorAll<HTMLInputElement>('input, textarea, [contenteditable], select')) {
      field.focus()
      if (field.isContentEditable) field.textContent = secret
      else if (field.type === 'file') {
        const files = new DataTransfer()
        files.items.add(new File([secret], `${secret}.pdf`))
        field.files = files.files
      } else if (field.type === 'radio' || field.type === 'checkbox') field.click()
      else if (!field.matches('select, [type=submit], [type=image]')) field.value = secret
      say(field, 'input', 'change')
      field.blur()
    }
  }
  for (const root of roots) {
    for (const form of root.querySelectorAll('form')) {
      const button = form.querySelector<HTMLElement>(':scope button, :scope [type=submit]')
      if (button) button.click()
      else HTMLFormElement.prototype.requestSubmit.call(form)
      form.dataset['entries'] = String([...new FormData(form)].length)
    }
  }
}

/** The secret, however it may be written: as it is, as JSON or a URL writes it, in base64 wherever it begins, in hexadecimal. */
const SPELLINGS = [
  SECRET.toLowerCase(),
  ...[0, 1, 2].map(shift =>
    Buffer.from('\0'.repeat(shift) + SECRET)
      .toString('base64')
      .slice(shift && 4, -4)
      .toLowerCase(),
  ),
  Buffer.from(SECRET).toString('hex'),
]

/** What of a request gives the secret away. */
function leaks({ url, headers, body }: Request): string[] {
  // A browser's own `Referer` is the site's to limit; we ask for nothing beyond the origin's.
  const whole = `${url}\n${JSON.stringify({ ...headers, referer: '' })}\n${body.toString('latin1')}`
  const forms = [whole, decodeURIComponent(whole.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'))].map(form =>
    form.toLowerCase(),
  )
  return SPELLINGS.filter(spelling => forms.some(form => form.includes(spelling)))
}

export default {
  [`what is entered into ${SHAPES.length} kinds of forms stays in the browser`]: async stage => {
    const { place, open } = stage
    const forms = SHAPES.map(formOf).join('\n')
    place.page('/', place.tag() + HASTE + forms + ELEMENTS)
    place.page('/thanks', place.tag() + HASTE)
    const tab = await open(`/?q=${SECRET}&email=${SECRET}@example.org#access_token=${SECRET}`)
    await place.until('page_view')
    await tab.type('#form-0 [name=username]', SECRET)
    await tab.evaluate(fillIn, SECRET)
    await everything(stage, tab)
    // It has been watching: all but what no form of the page itself is, or what cannot be asked for its name.
    const sent = new Set(
      place.events().map(({ type, properties }) => (type.startsWith('mark') ? null : properties['form_id'])),
    )
    expect(sent.size).toBeGreaterThan(50)

    // Then by addresses: of a form sent with GET, of a route, and of the page that comes after.
    await tab.evaluate(secret => {
      history.pushState(null, '', `/step?name=${secret}#${secret}`)
      const form = document.createElement('form')
      form.action = '/thanks'
      form.innerHTML = `<input name="q" value="${secret}">`
      document.body.append(form)
      setTimeout(() => form.submit(), 400)
    }, SECRET)
    await place.until('page_view', 3)
    await everything(stage, tab)
    expect(place.asked.at(-1)).toBe(`/thanks?q=${SECRET}`)

    const guilty = place.line.requests
      .filter(request => leaks(request).length > 0)
      .map(({ url, body }) => `${url} ${leaks({ url, body } as Request).join()} ${String(body)}`)
    expect(guilty).toEqual([])
    expect(place.line.requests.filter(({ method }) => method === 'POST').length).toBeGreaterThan(3)
  },
} satisfies Behaviours
