import { html, type Html, type Piece } from '../html.ts'

/** Where lines are drawn, in pixels from the top of the chart. */
export interface Plot {
  top: number
  bottom: number
}

/** Room for paths in thousandths of the width and hundredths of the height: stretched to the chart's, their strokes are not. */
export const stretched = ({ top, bottom }: Plot, paths: Piece): Html =>
  html`<svg
    x="0"
    y="${top}"
    width="100%"
    height="${bottom - top}"
    viewBox="0 0 1000 100"
    preserveAspectRatio="none"
    overflow="visible"
  >
    ${paths}
  </svg>`

/** To a tenth, which is all that can be seen. */
export const round = (value: number): number => Math.round(value * 10) / 10
export const percent = (share: number): string => `${round(share * 100)}%`
