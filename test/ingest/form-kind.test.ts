import { describe, expect, test } from 'vitest'
import { recogniseForm, type Field } from '../../collector/ingest/form-kind.ts'

/** `email:E-mail name message!Your message [Send]` → what the script says of such a form. */
function fields(...words: string[]): Field[] {
  return words.map(word => {
    const button = /^\[(.*)\]$/.exec(word)
    if (button) return { name: '', type: 'submit', label: button[1]! }
    const [, name = '', mark = '', label = ''] = /^([^:!?@/]*)([:!?@/])?(.*)$/.exec(word)!
    const type = { ':': 'text', '!': 'textarea', '?': 'checkbox', '@': 'email', '/': 'search', '': 'text' }[mark]!
    return { name, type, label: mark === '?' ? '' : label }
  })
}

const LANGUAGES: Record<string, [kind: string, ...form: string[]][]> = {
  English: [
    ['newsletter', 'email@Your e-mail', '[Subscribe]'],
    ['newsletter', 'EMAIL@', '[Sign up for our newsletter]'],
    ['newsletter', 'email@', '[Sign up]'],
    ['contact', 'name:Name', 'email@E-mail', 'msg!Your message', '[Send]'],
    ['contact', 'your-name:Name', 'your-email@E-mail', 'newsletter?', 'field_3!How can we help?', '[Submit]'],
    ['contact', 'name:Name', 'email@Email', '[Get in touch]'],
    ['demo', 'first:First name', 'work@Work e-mail', 'company:Company', '[Book a demo]'],
    ['quote', 'name:Name', 'email@E-mail', 'qty:Quantity', 'notes!Message', '[Request a quote]'],
    ['quote', 'name:Name', 'email@E-mail', 'details!Details', '[Get an estimate]'],
    ['proposal', 'name:Name', 'email@E-mail', 'brief!Project', '[Request a proposal]'],
    ['purchase_info', 'name:Name', 'email@E-mail', '[Get purchase information]'],
    ['loyalty', 'email@E-mail', '[Join our rewards program]'],
    ['blog', 'email@E-mail', '[Subscribe to the blog]'],
    ['login', 'user:Username', '[Log in]'],
    ['login', 'email@E-mail', '[Sign in]'],
    ['password_reset', 'email@E-mail', '[Reset password]'],
    ['registration', 'name:Name', 'email@E-mail', '[Create account]'],
    ['search', 's/Search', '[Go]'],
    ['search', 'q:', '[Search]'],
    ['checkout', 'billing_name:Name', 'billing_address:Address', '[Place order]'],
    ['comment', 'author:Name', 'email@E-mail', 'comment!Comment', '[Post comment]'],
    ['application', 'name:Name', 'email@E-mail', 'letter!Letter', '[Apply now]'],
  ],
  Norwegian: [
    ['newsletter', 'epost@E-post', '[Meld deg på]'],
    ['newsletter', 'epost@Din e-postadresse', '[Abonner på nyhetsbrev]'],
    ['contact', 'navn:Navn', 'epost@E-post', 'melding!Melding', '[Send inn]'],
    ['contact', 'navn:Navn', 'epost@E-post', '[Ta kontakt]'],
    ['demo', 'navn:Navn', 'epost@E-post', 'firma:Firma', '[Bestill demo]'],
    ['quote', 'navn:Navn', 'epost@E-post', 'info!Beskriv prosjektet', '[Be om tilbud]'],
    ['newsletter', 'epost@Få gode tilbud på e-post', '[Meld meg på]'],
    ['login', 'epost@E-post', '[Logg inn]'],
    ['search', 'q:', '[Søk]'],
  ],
  Danish: [
    ['newsletter', 'email@E-mail', '[Tilmeld nyhedsbrev]'],
    ['newsletter', 'email@Få gode tilbud på mail', '[Tilmeld]'],
    ['contact', 'navn:Navn', 'email@E-mail', 'besked!Besked', '[Send besked]'],
    ['demo', 'navn:Navn', 'email@E-mail', '[Book en demo]'],
    ['quote', 'navn:Navn', 'email@E-mail', 'opgave!Opgaven', '[Indhent tilbud]'],
    ['login', 'email@E-mail', '[Log ind]'],
    ['search', 'q:', '[Søg]'],
  ],
  Dutch: [
    ['newsletter', 'email@E-mailadres', '[Schrijf je in voor de nieuwsbrief]'],
    ['newsletter', 'email@E-mailadres', '[Aanmelden]'],
    ['contact', 'naam:Naam', 'email@E-mail', 'bericht!Uw bericht', '[Verstuur]'],
    ['demo', 'naam:Naam', 'email@E-mail', '[Demo aanvragen]'],
    ['quote', 'naam:Naam', 'email@E-mail', 'wens!Uw wensen', '[Offerte aanvragen]'],
    ['login', 'email@E-mail', '[Inloggen]'],
    ['search', 'q:', '[Zoeken]'],
  ],
  Polish: [
    ['newsletter', 'email@Adres e-mail', '[Zapisz się]'],
    ['newsletter', 'email@Adres e-mail', '[Subskrybuj newsletter]'],
    ['contact', 'imie:Imię', 'email@E-mail', 'tresc!Treść wiadomości', '[Wyślij wiadomość]'],
    ['contact', 'field_1:Imię i nazwisko', 'field_2@E-mail', 'field_3!Wiadomość', '[Wyślij]'],
    ['demo', 'imie:Imię', 'email@E-mail', '[Umów demo]'],
    ['quote', 'imie:Imię', 'email@E-mail', 'opis!Opis', '[Poproś o wycenę]'],
    ['quote', 'imie:Imię', 'email@E-mail', 'opis!Opis', '[Wyślij zapytanie ofertowe]'],
    ['login', 'email@E-mail', '[Zaloguj się]'],
    ['search', 'q:', '[Szukaj]'],
  ],
}

for (const [language, forms] of Object.entries(LANGUAGES)) {
  describe(language, () => {
    test.each(forms.map(([kind, ...form]) => [form.join(' '), kind, form] as const))('%s → %s', (_, kind, form) =>
      expect(recogniseForm(fields(...form), {})).toBe(kind),
    )
  })
}

describe('what a form is called', () => {
  test.each([
    [{ form_id: 'newsletter-form' }, 'newsletter'],
    [{ form_id: 'mc-embedded-subscribe-form' }, 'newsletter'],
    [{ form_name: 'ContactForm' }, 'contact'],
    [{ form_destination: 'https://shop.example/request-demo' }, 'demo'],
    [{ form_destination: 'https://quote.example/save' }, undefined],
    [{ form_id: 42, form_name: null }, undefined],
  ])('%o → %s', (form, kind) => expect(recogniseForm(fields('a:', 'b:', '[OK]'), form as never)).toBe(kind))
})

describe('what does not tell', () => {
  test.each([
    ['nothing', []],
    ['a button', ['[OK]']],
    ['a filter', ['colour:Colour', 'size:Size', '[Apply]']],
    ['one line that is no address', ['code:Coupon code', '[Apply]']],
    ['boxes to tick, whatever they are called', ['newsletter?', 'demo?', '[Save]']],
    ['an address among other things', ['a:Street', 'b:City', 'email@', '[Save]']],
  ] as const)('%s', (_, form) => expect(recogniseForm(fields(...form), {})).toBeUndefined())
})
