import { html as template } from 'hono/html'

/** What may stand in a page. Texts are escaped; anything else that is tracked must be made a text first. */
export type Piece = Html | string | number | false | null | undefined | readonly Piece[]

export type Html = ReturnType<typeof template>

/** An auto-escaping template. Attributes stand in double quotes. */
export const html = (strings: TemplateStringsArray, ...pieces: Piece[]): Html => template(strings, ...pieces)

/** An attribute that is there or not: `<option ${flag('selected', isChosen)}>`. */
export const flag = (name: 'selected' | 'checked' | 'disabled' | 'hidden' | 'open', on: boolean): Html =>
  on ? FLAGS[name] : NOTHING

const NOTHING = html``
const FLAGS = {
  selected: html`selected`,
  checked: html`checked`,
  disabled: html`disabled`,
  hidden: html`hidden`,
  open: html`open`,
}
