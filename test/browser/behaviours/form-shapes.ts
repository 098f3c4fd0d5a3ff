/** What every field of a shape holds, one way or another, and what must never travel. */
export const SECRET = 'Swordfish7421'

const text = (name: string, more = '') => `<label>${name} <input name="${name}" ${more}></label>`
const SEND = '<button>Send</button>'

/**
 * Forms as they are found on websites, by what is peculiar about each. Controls are filled with the secret wherever they
 * take text; where a shape says `{}`, the markup itself holds it.
 */
export const FORM_SHAPES: Record<string, string> = {
  'log in': text('username', 'autocomplete="username"') + text('password', 'type="password"') + SEND,
  'log in, password shown': text('email', 'type="email"') + text('password', 'type="text" data-was="password"') + SEND,
  'sign up': text('email', 'type="email"') + text('new-password', 'type="password" autocomplete="new-password"') + SEND,
  'change of password':
    text('old', 'type="password"') + text('new', 'type="password"') + text('repeat', 'type="password"') + SEND,
  'one-time code': text('code', 'autocomplete="one-time-code" inputmode="numeric"') + SEND,
  'one-time code, a field a digit': [1, 2, 3, 4].map(n => text(`otp${n}`)).join('') + SEND,
  'security question': text('answer', 'placeholder="Your first pet"') + SEND,
  'payment card':
    text('cardnumber', 'autocomplete="cc-number"') +
    text('exp', 'autocomplete="cc-exp"') +
    text('cvc', 'autocomplete="cc-csc"') +
    SEND,
  'payment card, unmarked': text('number', 'maxlength="32"') + text('expiry') + text('cvv') + SEND,
  'bank account': text('iban') + text('bic') + SEND,
  donation: text('amount', 'type="text" inputmode="decimal"') + text('note') + SEND,
  'gift card': text('voucher') + SEND,
  'delivery address':
    ['name', 'address-line1', 'postal-code', 'address-level2'].map(n => text(n, `autocomplete="${n}"`)).join('') + SEND,
  'medical history': '<label>Symptoms <textarea name="symptoms">{}</textarea></label>' + text('medication') + SEND,
  'medical choice':
    '<label><input type="radio" name="condition" value="{}"> {}</label><label><input type="radio" name="condition" value="none"> None</label>' +
    SEND,
  consents: '<label><input type="checkbox" name="illness" value="{}"> I have {}</label>' + SEND,
  'social security': text('ssn') + text('nin', 'data-trait="ssn"') + SEND,
  birthday: text('born', 'placeholder="YYYY-MM-DD"') + SEND,
  'hidden fields':
    '<input type="hidden" name="csrf" value="{}"><input type="hidden" name="user" value="{}">' + text('q') + SEND,
  'hidden by style': `<div style="display:none">${text('website')}</div>` + text('name') + SEND,
  'hidden by attribute': `<div hidden>${text('internal')}</div>` + text('name') + SEND,
  honeypot:
    '<input name="url" tabindex="-1" autocomplete="off" style="position:absolute;left:-9999px">' +
    text('comment') +
    SEND,
  prefilled: '<input name="name" value="{}"><input name="mail" value="{}" readonly>' + SEND,
  disabled: '<input name="account" value="{}" disabled>' + text('reason') + SEND,
  'filled in by the browser':
    text('name', 'autocomplete="name"') +
    text('tel', 'autocomplete="tel"') +
    text('email', 'autocomplete="email"') +
    SEND,
  search: text('q', 'type="search"') + SEND,
  telephone: text('phone', 'type="tel"') + SEND,
  'address of a page': text('site', 'type="url"') + SEND,
  newsletter: text('email', 'type="email" placeholder="Your e-mail"') + SEND,
  contact:
    text('name') + text('email', 'type="email"') + '<label>Message <textarea name="message"></textarea></label>' + SEND,
  quote: text('company') + text('budget') + '<textarea name="wishes" placeholder="Wishes"></textarea>' + SEND,
  'job application': text('name') + '<input type="file" name="cv"><textarea name="letter"></textarea>' + SEND,
  'files, many': '<input type="file" name="files[]" multiple>' + SEND,
  'choice from a list':
    '<select name="disease"><option value="">–</option><option value="{}" selected>{}</option></select>' + SEND,
  'choices from a list': '<select name="many" multiple><option value="{}" selected>{}</option></select>' + SEND,
  'grouped choices':
    '<label>Which <select name="g"><optgroup label="{}"><option selected>{}</option></optgroup></select></label>' +
    SEND,
  suggestions: '<input name="s" list="suggested"><datalist id="suggested"><option value="{}"></datalist>' + SEND,
  'a calculated result': text('a') + '<label>Sum <output name="sum">{}</output></label>' + SEND,
  'rich text':
    '<label>Letter <div contenteditable="true">{}</div></label><input type="hidden" name="letter" value="{}">' + SEND,
  'rich text, plain only': '<div contenteditable="plaintext-only">{}</div>' + SEND,
  'a field named id': text('id') + SEND,
  'a field named name': text('name') + SEND,
  'a field named action': text('action') + SEND,
  'a field named method': text('method') + text('target') + SEND,
  'a field named submit': text('submit') + SEND,
  'a field named elements': text('elements') + text('length') + SEND,
  'a field named getAttribute': text('getAttribute') + text('querySelectorAll') + text('closest') + SEND,
  'a field named matches': text('matches') + text('contains') + text('parentNode') + SEND,
  ignored: `<div data-ll-ignore>${text('private')}</div>` + text('public') + SEND,
  'ignored within ignored':
    `<div data-ll-ignore><div><div data-ll-ignore>${text('deep')}</div>${text('less')}</div></div>` + SEND,
  'an ignored field': text('private', 'data-ll-ignore') + text('public') + SEND,
  steps:
    `<fieldset><legend>1</legend>${text('first')}</fieldset><fieldset hidden><legend>2</legend>${text('second')}</fieldset>` +
    SEND,
  'a field elsewhere': '<input form="{id}" name="outside">' + SEND,
  'a button elsewhere': text('name') + '<button form="{id}" name="which" value="{}">Go</button>',
  'several buttons':
    text('name') + '<button name="do" value="{}">Save</button><input type="submit" name="do" value="Send">',
  'an image as button': text('name') + '<input type="image" alt="Go" src="data:,">',
  'no button': text('only'),
  'told by attributes': `<input name="x" aria-label="X" data-value="{}" title="{}">` + SEND,
  'sent to an address with a query': '<!-- action --> ' + text('q') + SEND,
  'a custom element': '<x-field name="custom"></x-field>' + text('other') + SEND,
  'a form in a shadow tree': `<x-form></x-form>` + SEND,
  'a form in a frame': '<iframe srcdoc="<form><input name=framed><button>Send</button></form>"></iframe>' + SEND,
}

/** The shape as a form of its own that stays on its page when it is sent. */
export function formOf(name: string, number: number): string {
  const id = `form-${number}`
  const action = name.includes('query') ? ` action="/send?token=${SECRET}#${SECRET}"` : ''
  const markup = FORM_SHAPES[name]!.replaceAll('{id}', id).replaceAll('{}', SECRET)
  return `<h2>${name}</h2><form id="${id}"${action}>${markup}</form>`
}
