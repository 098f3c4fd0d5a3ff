// @ts-check

/** @typedef {import('../../shared/batch.ts').Batch} Batch */
/** @typedef {import('../../shared/batch.ts').BatchResult} BatchResult */
/** @typedef {import('../../shared/event.ts').StoredEvent} StoredEvent */

/**
 * What became of an event.
 * @typedef {object} Verdict
 * @property {'accepted' | 'duplicate' | 'quarantined' | 'weak' | 'refused'} verdict
 * @property {string} [reason]
 */

const REASONS = {
  bot: 'a machine, by its user agent: kept, worth nothing',
  foreign_origin: 'sent from an origin that is not on the site’s list: kept, worth nothing',
  missing_origin: 'sent without an origin: kept, worth nothing',
  event_too_large: 'larger than an event may be',
  consent_denied: 'no consent: not kept',
}

/**
 * The collector's verdict on each event of a batch. The answer names refused events by their place and counts the
 * others; where a count is not all or nothing, what is stored tells the rest (see `ofStored`).
 * @param {Batch} batch
 * @param {BatchResult} result
 * @param {ReadonlySet<string>} known Ids that were stored before this batch.
 * @returns {Map<string, Verdict>}
 */
export function ofBatch(batch, result, known) {
  const dropped = new Map(result.dropped.map(({ index, reason }) => [index, reason]))
  /** @type {Map<string, Verdict>} */
  const verdicts = new Map()
  batch.events.forEach(({ id }, index) => {
    const reason = dropped.get(index)
    if (reason) verdicts.set(id, { verdict: 'refused', reason: REASONS[reason] ?? reason })
    else if (known.has(id) || result.duplicate === result.accepted)
      verdicts.set(id, { verdict: 'duplicate', reason: 'already known by its id' })
    else if (result.quarantined === result.accepted)
      verdicts.set(id, { verdict: 'quarantined', reason: 'not well-formed: kept as it came' })
    else verdicts.set(id, { verdict: 'accepted' })
  })
  return verdicts
}

/** @param {Pick<StoredEvent, 'provenance' | 'mark'>} event @returns {Verdict} */
export const ofStored = ({ provenance, mark }) =>
  provenance === 'weak'
    ? { verdict: 'weak', reason: mark ? REASONS[mark] : 'kept, worth nothing' }
    : { verdict: 'accepted' }
