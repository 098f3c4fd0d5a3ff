import { html, raw } from 'hono/html'

type Html = ReturnType<typeof html>

/** The gradients that all pictures share: drawn once on a page, coloured by shop.css. */
export const PALETTE: Html = html`<svg class="palette" width="0" height="0" aria-hidden="true" focusable="false">
  <defs>
    <radialGradient id="glow">
      <stop offset="0" stop-color="#ffe9b8" stop-opacity=".95" />
      <stop offset=".35" stop-color="#ffd996" stop-opacity=".5" />
      <stop offset="1" stop-color="#ffcf85" stop-opacity="0" />
    </radialGradient>
    <linearGradient id="beam" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#ffe8b5" stop-opacity=".7" />
      <stop offset="1" stop-color="#ffdc9c" stop-opacity="0" />
    </linearGradient>
    <linearGradient id="shadow" x1="0" x2="1">
      <stop offset="0" stop-color="#fff" stop-opacity=".22" />
      <stop offset=".35" stop-color="#fff" stop-opacity=".04" />
      <stop offset="1" stop-color="#000" stop-opacity=".38" />
    </linearGradient>
    <linearGradient id="brass" x1="0" x2="1">
      <stop offset="0" stop-color="#8a6a35" />
      <stop offset=".4" stop-color="#e3c382" />
      <stop offset="1" stop-color="#7a5a2a" />
    </linearGradient>
    <linearGradient id="oak" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#d6ad77" />
      <stop offset="1" stop-color="#99693a" />
    </linearGradient>
    <linearGradient id="birch" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#c9924f" />
      <stop offset="1" stop-color="#f3d8a4" />
    </linearGradient>
    <radialGradient id="opal" cx=".38" cy=".32" r=".75">
      <stop offset="0" stop-color="#ffffff" />
      <stop offset=".6" stop-color="#ece7dc" />
      <stop offset="1" stop-color="#bdb5a6" />
    </radialGradient>
    <radialGradient id="lit">
      <stop offset="0" stop-color="#fffef4" />
      <stop offset=".7" stop-color="#fff0c6" />
      <stop offset="1" stop-color="#ffd98f" />
    </radialGradient>
    <linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#1b2a4a" />
      <stop offset=".55" stop-color="#4a5f8a" />
      <stop offset=".82" stop-color="#c8969a" />
      <stop offset="1" stop-color="#f0bd93" />
    </linearGradient>
    <linearGradient id="fjord" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#c39a9c" />
      <stop offset=".4" stop-color="#5b6a90" />
      <stop offset="1" stop-color="#26365a" />
    </linearGradient>
  </defs>
</svg>`

const cord = (x: number, to: number) => `<path class="cord" d="M${x} 0V${to}" />`
const cap = (x: number, y: number, width = 18, height = 22) =>
  `<rect x="${x - width / 2}" y="${y}" width="${width}" height="${height}" rx="3" fill="url(#brass)" />`
const glow = (x: number, y: number, radius: number) =>
  `<circle class="light" cx="${x}" cy="${y}" r="${radius}" fill="url(#glow)" />`
const beam = (d: string) => `<path class="light" d="${d}" fill="url(#beam)" />`
const globe = (x: number, y: number, r: number) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="url(#opal)" /><circle class="light" cx="${x}" cy="${y}" r="${r}" fill="url(#lit)" />`

const BELL =
  'M148 130C146 168 128 190 104 213 92 225 84 243 82 262H238C236 243 228 225 216 213 192 190 174 168 172 130Z'
const bell = `${cap(160, 112)}
  <path class="enamel" d="${BELL}" /><path d="${BELL}" fill="url(#shadow)" />
  <ellipse class="inside" cx="160" cy="262" rx="78" ry="8" /><ellipse class="light" cx="160" cy="262" rx="78" ry="8" fill="url(#lit)" />`

/** A tier of veneer: a dome of the given half width whose lower rim hangs at `y`. */
const tier = (y: number, half: number) => {
  const rim = `${160 + half} ${y}C${160 + half * 0.5} ${y + 15} ${160 - half * 0.5} ${y + 15} ${160 - half} ${y}`
  return `<ellipse class="light" cx="160" cy="${y + 8}" rx="${half * 0.86}" ry="13" fill="url(#glow)" />
    <path d="M${160 - half} ${y}C${160 - half * 0.72} ${y - 52} ${160 + half * 0.72} ${y - 52} ${rim}Z" fill="url(#birch)" />
    <path class="edge" d="M${rim}" />`
}

const SWARM = [
  [74, 208, 21],
  [108, 268, 25],
  [142, 172, 18],
  [168, 304, 27],
  [196, 228, 23],
  [226, 158, 18],
  [250, 276, 22],
] as const

const CONE = 'M150 130H170L234 264C204 276 116 276 86 264Z'

const DRAWINGS: Record<string, string> = {
  klokke: `${beam('M82 262-10 400H330L238 262Z')}${glow(160, 270, 150)}${cord(160, 114)}${bell}`,
  mane: `${glow(160, 212, 215)}${cord(160, 118)}${cap(160, 116, 14, 14)}${cap(160, 128, 44, 14)}${globe(160, 212, 76)}`,
  rand: `${beam('M44 216-20 400H340L276 216Z')}${glow(160, 216, 170)}${cord(84, 200)}${cord(236, 200)}
    ${cap(84, 192, 8, 10)}${cap(236, 192, 8, 10)}
    <rect x="30" y="200" width="260" height="15" rx="4" fill="url(#oak)" />
    <rect x="40" y="214" width="240" height="5" rx="2" fill="url(#opal)" /><rect class="light" x="40" y="214" width="240" height="5" rx="2" fill="#fff6da" />`,
  skjell: `${glow(160, 225, 200)}${cord(160, 116)}${tier(284, 44)}${tier(256, 76)}${tier(222, 94)}${tier(186, 70)}${tier(152, 36)}${cap(160, 108, 14, 14)}`,
  kjegle: `${beam('M86 264 26 400H294L234 264Z')}${glow(160, 274, 130)}${cord(160, 114)}${cap(160, 112)}
    <path class="clay" d="${CONE}" /><path d="${CONE}" fill="url(#shadow)" />
    <path class="glaze" d="M86 264C116 276 204 276 234 264 204 258 116 258 86 264Z" /><path class="light" d="M86 264C116 276 204 276 234 264 204 258 116 258 86 264Z" fill="url(#lit)" />`,
  sverm: `${glow(160, 228, 215)}${SWARM.map(([x, y, r]) => cord(x, y - r) + glow(x, y, r * 2.6) + cap(x, y - r - 7, 8, 10) + globe(x, y, r)).join('')}
    <rect x="56" y="0" width="208" height="9" rx="2" fill="url(#brass)" />`,
}

/** The picture of a lamp on its wall: decoration beside its name, so assistive technology skips it. */
export const lampArt = (slug: string): Html =>
  html`<svg
    class="art art-${slug}"
    viewBox="0 0 320 400"
    preserveAspectRatio="xMidYMin slice"
    aria-hidden="true"
    focusable="false"
  >
    <rect class="wall" width="320" height="400" />
    ${raw(DRAWINGS[slug] ?? '')}
  </svg>`

const hung = (x: number, length: number, scale: number) =>
  `<path class="cord" d="M${x} 0V${length + 1}" /><g transform="translate(${x - 160 * scale} ${length - 112 * scale}) scale(${scale})">
    ${beam('M82 262-60 560H380L238 262Z')}${glow(160, 280, 190)}${bell}</g>`

/** The front page's scene: three bells over a table, the fjord outside, ten minutes after sunset. */
export const blueHour: Html = html`<svg
  class="scene"
  viewBox="0 0 800 640"
  preserveAspectRatio="xMidYMax slice"
  aria-hidden="true"
  focusable="false"
>
  <rect width="800" height="640" fill="#141b2e" />
  <rect x="96" y="56" width="608" height="404" fill="url(#dusk)" />
  <circle cx="650" cy="118" r="18" fill="#fdf3dc" opacity=".92" />
  <g fill="#fdf3dc" opacity=".7">
    <circle cx="168" cy="96" r="1.4" />
    <circle cx="246" cy="142" r="1.1" />
    <circle cx="352" cy="92" r="1.3" />
    <circle cx="470" cy="118" r="1.1" />
    <circle cx="652" cy="86" r="1.3" />
    <circle cx="522" cy="176" r="1" />
  </g>
  <path
    fill="#6f7ba3"
    d="M96 330 172 268 214 292 300 206 356 262 402 236 470 300 540 228 612 286 660 252 704 282V380H96Z"
  />
  <path fill="#46547f" d="M96 352 150 318 226 350 290 296 372 356 452 330 520 362 588 312 648 350 704 326V400H96Z" />
  <rect x="96" y="372" width="608" height="88" fill="url(#fjord)" />
  <path fill="#2a3762" d="M96 372V344C150 352 190 366 236 378H96ZM704 372V338C648 350 606 366 566 378H704Z" />
  <g stroke="#f2cfae" stroke-width="1.4" stroke-linecap="round" opacity=".45">
    <path d="M330 392h46M398 400h70M300 412h38M430 418h54M356 430h84" />
  </g>
  <g fill="#ffdf9f">
    <rect x="176" y="366" width="4" height="4" />
    <rect x="188" y="369" width="4" height="4" />
    <rect x="628" y="364" width="4" height="4" />
  </g>
  <path fill="none" stroke="#0e1424" stroke-width="12" d="M96 56H704V460H96ZM298 56V460M502 56V460" />
  <rect x="76" y="460" width="648" height="14" rx="2" fill="#232c45" />
  ${raw(hung(232, 150, 0.62))} ${raw(hung(400, 190, 0.7))} ${raw(hung(568, 150, 0.62))}
  <ellipse cx="400" cy="520" rx="330" ry="34" fill="url(#glow)" opacity=".8" />
  <path fill="#3a2a20" d="M62 516H738L752 536H48Z" />
  <path fill="#5b4231" d="M48 536H752V546H48Z" />
  <path fill="#1c1613" d="M110 546H128L120 640H104ZM672 546H690L696 640H680Z" />
  <path fill="#efe4d2" d="M318 516C314 500 316 486 330 486H352C366 486 368 500 364 516Z" />
  <path fill="none" stroke="#efe4d2" stroke-width="4" d="M364 494C378 492 378 510 362 509" />
  <path fill="#5f7a6e" d="M468 516 474 470H502L508 516Z" />
  <path
    fill="none"
    stroke="#86a08f"
    stroke-width="3"
    stroke-linecap="round"
    d="M484 470C480 446 470 436 458 428M490 470C492 444 500 430 514 420M487 470C486 450 486 436 488 416"
  />
</svg>`

const level = (y: number) => `<path class="rule" d="M470 ${y}h44" />`

/** How high a pendant hangs: a table, a lamp, the distance between them. */
const height: Html = html`<svg class="art art-height" viewBox="0 0 640 360" aria-hidden="true" focusable="false">
  <rect class="wall" width="640" height="360" />
  <path class="light" d="M252 172 120 276H520L388 172Z" fill="url(#beam)" />
  <g transform="translate(190 -40) scale(.81)">
    ${raw(`${cord(160, 114)}<path class="cord" d="M160 0V114" />${bell}`)}
  </g>
  <rect x="110" y="276" width="420" height="12" rx="2" fill="url(#oak)" />
  <path fill="#6d4a2a" d="M140 288h14v72h-14zM486 288h14v72h-14z" />
  ${raw(level(174))}${raw(level(275))}
  <path class="rule" d="M492 174V275" />
  <text class="mark" x="526" y="230">60–70 cm</text>
</svg>`

const TEMPERATURES = [
  ['1,800 K', 'candle', '#ff9d3c'],
  ['2,200 K', 'sunset', '#ffb868'],
  ['2,700 K', 'our lamps', '#ffd39b'],
  ['3,000 K', 'office', '#ffe2bd'],
  ['4,000 K', 'noon', '#fff3e6'],
] as const

/** The colours of white, from a candle to noon. */
const white: Html = html`<svg class="art art-white" viewBox="0 0 640 360" aria-hidden="true" focusable="false">
  <rect class="wall" width="640" height="360" />
  ${TEMPERATURES.map(
    ([kelvin, name, colour], i) =>
      html`<circle cx="${88 + i * 116}" cy="160" r="86" fill="${colour}" opacity=".16" />
        <circle cx="${88 + i * 116}" cy="160" r="44" fill="${colour}" />
        <text class="mark middle" x="${88 + i * 116}" y="272">${kelvin}</text>
        <text class="mark middle small" x="${88 + i * 116}" y="296">${name}</text>`,
  )}
</svg>`

export const POST_ART: Record<string, Html> = { height, white }
