import { html, type Html, type Piece } from '../html.ts'
import type { Words } from '../words.ts'

/** What a chart shows, for whoever does not see it, and for whoever wants the figures. */
export interface Figure {
  /** One sentence. */
  caption: string
  chart: Html
  /** The figures as a table: its head, and rows whose first cell names them. */
  head: readonly string[]
  rows: readonly (readonly Piece[])[]
}

/** A chart with its caption and its figures. */
export const figure = (words: Words, { caption, chart, head, rows }: Figure): Html =>
  html`<figure class="chart">
    <figcaption>${caption}</figcaption>
    ${chart}
    <details>
      <summary>${words.say('asTable')}</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
        <table>
          <thead>
            <tr>
              ${head.map((name, index) => html`<th scope="col" class="${index > 0 && 'number'}">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ([name, ...cells]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  ${cells.map(cell => html`<td class="number">${cell}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`
