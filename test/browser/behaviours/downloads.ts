import { expect } from 'vitest'
import { everything, HASTE, type Behaviours, type Stage } from './behaviour.ts'

const names = ({ place }: Stage) => place.events('file_download').map(({ properties }) => properties['file_name'])

export default {
  'a download by click, by Enter, by the middle button, and into a new tab': async stage => {
    const { place, open } = stage
    // The files are not there: what is opened instead is a page.
    place.page(
      '/',
      `${place.tag()}
       <p><a id="clicked" href="/clicked.pdf?token=1">The <b>guide</b></a></p>
       <p><a id="middle" href="/middle.zip">x</a></p>
       <p><a id="entered" href="/entered.epub">x</a></p>
       <p><a id="tab" href="/tab.docx" target="_blank">x</a></p>
       <p><a id="page" href="/page.html">x</a></p>
       <script>
         const stay = event => event.target.closest('#tab') || event.preventDefault()
         for (const kind of ['click', 'auxclick']) document.addEventListener(kind, stay)
       </script>`,
    )
    const tab = await open()
    await tab.click('#page')
    await tab.click('b')
    await tab.click('#middle', 'middle')
    await tab.click('#middle', 'right')
    await tab.evaluate(() => document.getElementById('entered')!.focus())
    await tab.press('Enter')
    await tab.click('#tab')
    await place.expect('the new tab', () => place.asked.includes('/tab.docx'))
    await place.until('file_download', 4)
    expect(names(stage)).toEqual(['clicked.pdf', 'middle.zip', 'entered.epub', 'tab.docx'])
    expect(place.events('file_download')[0]!.properties).toEqual({
      link_url: `${place.origin}/clicked.pdf`,
      file_name: 'clicked.pdf',
      file_extension: 'pdf',
      link_text: 'The guide',
    })
  },

  'a download that takes its page away': async stage => {
    const { place, open } = stage
    place.page('/', `${place.tag()}<a href="/guide.pdf">The guide</a>`)
    const tab = await open()
    await place.until('page_view')
    await tab.click('a')
    await place.until('file_download')
    expect(names(stage)).toEqual(['guide.pdf'])
  },

  'links, marked elements and forms in shadow trees': async stage => {
    const { place, open } = stage
    place.page(
      '/',
      `${place.tag()}${HASTE}<x-card></x-card><script>
        customElements.define('x-card', class extends HTMLElement {
          connectedCallback() {
            this.attachShadow({ mode: 'open' }).innerHTML =
              '<a href="/inner.pdf">x</a> <button type="button" data-ll-event="add_to_cart" data-ll-item_id="A1">Buy</button>' +
              '<form name="inner" data-ll-form="newsletter"><input name="email"><button id="send">Send</button></form>'
            this.shadowRoot.addEventListener('click', event => event.target.id === 'send' || event.preventDefault())
            this.shadowRoot.addEventListener('submit', event => event.preventDefault())
          }
        })
      </script>`,
    )
    const tab = await open()
    await place.until('page_view')
    await tab.click('x-card >>> a')
    await tab.click('x-card >>> [data-ll-event]')
    await tab.type('x-card >>> input', 'Swordfish')
    await tab.click('x-card >>> #send')
    await place.until('file_download')
    await everything(stage, tab)
    expect(names(stage)).toEqual(['inner.pdf'])
    expect(place.events('add_to_cart').map(({ properties }) => properties)).toEqual([{ item_id: 'A1' }])
    expect(JSON.stringify(place.events())).not.toContain('Swordfish')
  },
} satisfies Behaviours
