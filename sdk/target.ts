/**
 * The innermost element matching the selector that the event went through, out of shadow trees and SVG too; nothing
 * under `data-ll-ignore`.
 */
export function target(event: Event, selector: string): Element | undefined {
  const find = (wanted: string) =>
    (event.composedPath() as Partial<Element>[]).find(node => node.matches?.(wanted)) as Element | undefined
  return find('[data-ll-ignore]') ? undefined : find(selector)
}
