import { listen } from './listen.ts'

/**
 * Calls the handler with the innermost element matching the selector that such an event went through, out of shadow
 * trees and SVG too; never for anything under `data-ll-ignore`.
 */
export function listenOn(
  kinds: string,
  selector: string,
  handler: (element: HTMLElement, event: Event) => unknown,
): void {
  listen(kinds, event => {
    const find = (wanted: string) => (event.composedPath() as HTMLElement[]).find(node => node.matches?.(wanted))
    const element = find(selector)
    if (element && !find('[data-ll-ignore]')) handler(element, event)
  })
}
