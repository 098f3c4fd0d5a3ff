import { DAY, MINUTE } from '../../shared/instant.ts'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'

/**
 * A whole collector with so many visitors of whom it is known how it went: those with a cart are won more often than those
 * without, and of whoever is about to buy, sales has written down the company.
 */
export async function decidedCollector(visitors: number): Promise<TestCollector> {
  const collector = await testCollector()
  const headers = { Authorization: `Bearer ${ADMIN_KEY}` }
  const tell = async (i: number): Promise<void> => {
    const age = (60 - (i * 55) / visitors) * DAY
    const cart = i % 3 === 0
    const won = cart ? i % 2 === 0 : i % 5 === 2
    const lost = !won && i % 4 !== 3
    const events = [
      wireEvent('page_view', { url: 'https://shop.example/lamps' }, age),
      ...(cart ? [wireEvent('add_to_cart', { properties: { item_id: 'A1' } }, age - MINUTE)] : []),
      ...(i % 5 === 0 ? [wireEvent('sign_up', {}, age - 2 * MINUTE)] : []),
      ...(won ? [wireEvent('identify', { properties: { traits: { company: 'Acme' } } }, age - 3 * MINUTE)] : []),
      ...(won ? [wireEvent('purchase', {}, age - DAY)] : []),
      ...(lost ? [wireEvent('closed_lost', {}, age - 2 * DAY)] : []),
    ]
    const answer = await collector.send({ visitor: `decided-${i}`, events }, headers)
    if (answer.status !== 202) throw new Error(`Visitor ${i}: ${answer.status} ${await answer.text()}`)
  }
  await Promise.all(Array.from({ length: visitors }, (_, i) => tell(i)))
  return collector
}
