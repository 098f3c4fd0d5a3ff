// @ts-check

/** @typedef {import('../../../../shared/batch.ts').Batch} Batch */
/** @typedef {import('../../../../shared/batch.ts').BatchResult} BatchResult */
/** @typedef {import('../../../../shared/event.ts').StoredEvent} StoredEvent */

/**
 * What became of an event.
 * @typedef {object} Verdict
 * @property {'sending' | 'accepted' | 'duplicate' | 'quarantined' | 'weak' | 'refused'} verdict
 * @property {string} [reason]
 */

/**
 * What the script hears instead when the whole batch is refused: a problem document (RFC 9457), or the status alone.
 * @typedef {{ status: number, detail?: string }} Refused
 */

const REASONS = {
  bot: 'a machine, by its user agent: kept, worth nothing',
  foreign_origin: 'sent from an origin that is not on the site’s list: kept, worth nothing',
  missing_origin: 'sent without an origin: kept, worth nothing',
  event_too_large: 'larger than an event may be',
  consent_denied: 'no consent: not kept',
}

/**
 * The collector's verdict on each event of a batch. The answer names dropped events by their place and counts the
 * others; where a count is not all or nothing, what is stored tells the rest (see `ofStored`).
 * @param {Batch} batch
 * @param {BatchResult | Refused} result
 * @param {ReadonlySet<string>} known Ids that were stored before.
 * @returns {Map<string, Verdict>}
 */
export function ofBatch(batch, result, known) {
  return new Map(batch.events.map(({ id }, index) => [id, verdict(index, result, known.has(id))]))
}

/** @param {number} index @param {BatchResult | Refused} result @param {boolean} known @returns {Verdict} */
function verdict(index, result, known) {
  if (!('accepted' in result)) return { verdict: 'refused', reason: result.detail ?? `answered with ${result.status}` }
  const { accepted, duplicate, quarantined, dropped } = result
  const reason = dropped.find(drop => drop.index === index)?.reason
  if (reason) return { verdict: 'refused', reason: REASONS[reason] ?? reason }
  if (duplicate === accepted || (duplicate > 0 && known))
    return { verdict: 'duplicate', reason: 'already known by its id' }
  if (quarantined === accepted) return { verdict: 'quarantined', reason: 'not well-formed: kept as it came' }
  return { verdict: 'accepted' }
}

/** @param {Pick<StoredEvent, 'provenance' | 'mark'>} event @returns {Verdict} */
export const ofStored = ({ provenance, mark }) =>
  provenance === 'weak'
    ? { verdict: 'weak', reason: mark ? REASONS[mark] : 'kept, worth nothing' }
    : { verdict: 'accepted' }
