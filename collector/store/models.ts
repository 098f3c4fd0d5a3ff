import type { Instant } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'

/** A version of a site's model, without its document. */
export interface ModelVersion {
  version: number
  name: string
  createdAt: Instant
  /** Id of the key that brought it; `null` for the first of a site. */
  author: string | null
  /** `null`: a draft. */
  publishedAt: Instant | null
  /** The older version whose document it repeats. */
  copyOf: number | null
  /** The version that scores now. */
  live: boolean
}

/** A model that scores, or could. The same version is always the same document object, so that scoring compiles it once. */
export interface VersionedModel {
  version: number
  document: Model
  /** Of the live one: whether others are told of the steps that its publication has led to. */
  tells?: boolean
}

/** Versions of models: kept for ever, never changed. */
export interface Models {
  /** The live version. */
  model(site: number): Promise<VersionedModel>
  /** Any version, draft or published; `null` if there is none of that number. */
  modelVersion(site: number, version: number): Promise<(ModelVersion & { document: Model }) | null>
  /** The newest first. */
  models(site: number): Promise<ModelVersion[]>

  /** Keeps a document as the next version, which scores nothing until it is published. */
  draft(site: number, document: Model, author: string, now: Instant): Promise<number>
  /**
   * Makes a version live; which one is, is answered. A version that was live before comes back as a new one with the same
   * document. Others are told of the steps that it leads to if it `tells`. Nobody is judged here: a person is when they are next touched, read, or come upon by `refresh`. Refuses what
   * is not there (`not_found`) and what is live already (`conflict`).
   */
  publish(site: number, version: number, author: string, now: Instant, tells?: boolean): Promise<number>
}
