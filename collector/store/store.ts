import type { StoredEvent } from '../../shared/event.ts'
import type { TrackingHealth } from '../../shared/health.ts'
import type { Instant } from '../../shared/instant.ts'
import type { Lead, LeadQuery } from '../../shared/lead.ts'
import type { Identifier } from '../../shared/identity.ts'
import type { Outcome } from '../../shared/outcome.ts'
import type { ProfilingStop, Standing } from '../../shared/person.ts'
import type { Quarantined } from '../../shared/quarantine.ts'
import type { Transition } from '../../shared/stage.ts'
import type { AccountReader, AccountWriter } from './accounts.ts'
import type { Eraser, ErasureReader } from './erasure.ts'
import type { Models } from './models.ts'
import type { OutboxReader, OutboxWriter } from './outbox.ts'
import type { Decided, Persons } from './persons.ts'
import type { QuarantineReader, QuarantineWriter } from './quarantine.ts'
import type { Reports } from './reports.ts'
import type { SavedViewReader, SavedViewWriter } from './saved-views.ts'
import type { SiteReader, SiteWriter } from './sites.ts'
import type { TransferIn, TransferOut } from './transfer.ts'

/** What one request brings, decoded: the events of one visitor of one site. */
export interface Arrival {
  site: number
  visitor: string
  receivedAt: Instant
  events: ArrivedEvent[]
  /** Not well-formed: kept as they came, never scored. */
  quarantined: Quarantined[]
  /** Id of the secret key that it was sent with. */
  key?: string
  /** What the visitor says about being profiled, and when, by the sender's clock. */
  consent?: { state: 'granted' | 'denied'; saidAt: Instant }
}

export interface ArrivedEvent extends Omit<StoredEvent, 'visitor'> {
  /** The time that the sender's clock gave. */
  rawAt: Instant
  /** The site's own id of who did it, when the sender names one with every event. */
  user?: string
}

/** What became of an arrival. Its sizes add up: stored + duplicate + quarantined = everything that arrived. */
export interface Receipt {
  stored: number
  /** Known before by their id, quarantined ones by their content. */
  duplicate: number
  quarantined: number
  /** Not kept, because they are of the past of somebody who was erased: the ids of events, the texts of what is none. */
  erased?: string[]
}

/** A page of a list that stays right under inserts: continue after the last item's own key. */
export interface Page<Item> {
  items: Item[]
  more: boolean
}

/** What is remembered. Every method is one transaction: all of it or, if it throws, none of it. */
export interface Store
  extends
    Persons,
    Models,
    AccountReader,
    AccountWriter,
    SavedViewReader,
    SavedViewWriter,
    OutboxReader,
    OutboxWriter,
    Reports,
    SiteReader,
    SiteWriter,
    TransferIn,
    TransferOut,
    Eraser,
    ErasureReader,
    QuarantineReader,
    QuarantineWriter {
  leads(site: number, query: LeadQuery): Promise<Page<Lead>>
  /** How many there are, on all pages together; of everybody for `{}`. */
  leadCount(site: number, query: Partial<LeadQuery>): Promise<number>
  /** By id or any former id. */
  lead(site: number, id: string): Promise<Lead | null>
  /** Ids that others had who are this person now. */
  formerIds(site: number, person: string): Promise<string[]>
  /** Whose browser it is now. */
  leadByVisitor(site: number, visitor: string): Promise<Lead | null>
  /** Whom an e-mail address or user id belongs to. */
  leadByIdentifier(site: number, identifier: Identifier): Promise<Lead | null>
  /** A person's whole history, in order. */
  history(site: number, person: string): Promise<StoredEvent[]>
  /** A person's events, the newest first. */
  timeline(site: number, person: string, limit: number, after?: { at: Instant; id: string }): Promise<Page<StoredEvent>>
  /** Some of a site's persons, by id: those after `after`. With what scoring remembers of each. */
  persons(site: number, limit: number, after?: string): Promise<Person[]>
  /**
   * An even sample of a site's persons, of about that share of all, which is below 1; oldest first. The same ones each
   * time, until there are more.
   */
  sample(site: number, share: number): Promise<Pick<Person, 'id' | 'profilingStopped'>[]>
  /** How many there are, to hold against each other. */
  census(site: number): Promise<Census>
  /** Oldest first. */
  transitions(site: number, person: string): Promise<Transition[]>
  /** What somebody decided about a person. */
  decided(site: number, person: string): Promise<Decided>
  /** Reported outcomes of a person, named by present id; oldest first. */
  outcomes(site: number, person: string): Promise<Outcome[]>

  /** How the tracking of a site is doing. */
  trackingHealth(site: number): Promise<TrackingHealth>
  /** How many may not be scored, by why. */
  profilingStops(site: number): Promise<Record<ProfilingStop['reason'], number>>

  /** Throws unless the database answers. */
  ping(): Promise<void>
  /** Changes nothing, but writes and waits for the disk: throws while the disk takes no writes. */
  probe(): Promise<void>
  close(): Promise<void>
}

/** A person as they are kept. */
export interface Person extends Omit<Lead, 'manualScore'>, Pick<Standing, 'fold'> {
  /** Whether the log has events that the fold has not. */
  isBehind: boolean
}

export interface Census {
  persons: number
  /** Of those, judged by another version of the model than the live one. */
  stale: number
  /** In the log. */
  events: number
  /** Of visitors that belong to nobody, which must not be. */
  orphans: number
}

/** What reports are made of. */
export interface Reader
  extends
    Reports,
    Pick<Models, 'model' | 'modelVersion'>,
    Pick<Store, 'leadCount' | 'census' | 'persons' | 'sample' | 'history' | 'transitions' | 'outcomes' | 'close'> {}

/** The writing half of a store. Its errors are refusals (`overloaded`, `unprocessable`) when the disk is at fault, bugs otherwise. */
export interface Recorder
  extends
    Persons,
    AccountWriter,
    SavedViewWriter,
    OutboxWriter,
    SiteWriter,
    TransferIn,
    Eraser,
    QuarantineWriter,
    Pick<Models, 'draft' | 'publish'>,
    Pick<Store, 'probe' | 'close'> {}

/** Makes its holder the one collector of a database. */
export interface Lock {
  release(): void
}

/** What a store must be handed, so that it can run in a simulation. */
export interface StoreOptions {
  /** Ids of new persons: unique, UUIDv7 in production. */
  newId: () => string
  /** Called after each commit that has put something into the outbox. */
  onTold?: () => void
  /** Of a collector. Whoever opens without one takes it for as long as a migration runs. */
  lock?: Lock
}
