/** What visitors are asked about: being counted, or being known for advertising. */
export type Purpose = 'analytics' | 'marketing'

/** Whether the purpose is allowed now, and whether that is an answer or only how it stands before one. */
export type Standing = [allowed: boolean, answered: boolean]

/** A consent banner, by its public interface. */
export interface Banner {
  /** Events that it dispatches on the window or the document whenever the standing may be another. */
  events: string
  /**
   * For those that are asked another way: has them call the function whenever the standing may be another. `true` once
   * that is done; else it is asked again with the next event.
   */
  watch?(changed: () => void, event?: Event): true | undefined
  /** How it stands; `undefined` where the banner is not there, or not ready. */
  read(purpose: Purpose): Standing | undefined
}

type Flags = Record<string, boolean | undefined>

/** What banners leave on the window. */
interface Globals {
  Cookiebot?: { hasResponse: boolean; consent?: Flags }
  OneTrust?: { IsAlertBoxClosed(): boolean }
  OnetrustActiveGroups?: string
  __ucCmp?: { getConsentDetails(): Promise<Details> }
  UC_UI?: { isInitialized(): boolean; isConsentRequired(): boolean; getServicesBaseInfo(): Service[] }
  cmplz_has_consent?(category: string): boolean
  CookieInformation?: { getConsentGivenFor(category: string): boolean | undefined }
  getCkyConsent?(): { isUserActionCompleted: boolean; categories: Flags }
  Didomi?: {
    getCurrentUserStatus(): { purposes: Record<string, { enabled?: boolean } | undefined> }
    shouldUserStatusBeCollected(): boolean
  }
  didomiOnReady?: ((didomi: unknown) => void)[]
  didomiEventListeners?: { event: string; listener: () => void }[]
  Shopify?: {
    customerPrivacy?: {
      analyticsProcessingAllowed(): boolean
      marketingAllowed(): boolean
      currentVisitorConsent(): Record<Purpose, string>
    }
    loadFeatures?(features: { name: string; version: string }[], done: () => void): void
  }
  wp_has_consent?(category: string): boolean
  wp_consent_type?: string
  consent_api?: { cookie_prefix: string }
  __tcfapi?(command: string, version: 2, done: (data: Tcf, ok: boolean) => void): void
}
interface Service {
  categorySlug: string
  consent: { status: boolean }
}
interface Details {
  consent: { required?: boolean; type: 'EXPLICIT' | 'IMPLICIT' }
  categories: Record<string, { state: string } | undefined>
}
interface Tcf {
  gdprApplies?: boolean
  eventStatus: string
  purpose?: { consents: Record<number, boolean | undefined> }
}

const page = window as unknown as Globals

/** What most call the two. */
const STATISTICS = { analytics: 'statistics', marketing: 'marketing' }

/** Their names vary by site: the first that the banner knows. */
const USERCENTRICS = { analytics: ['statistics', 'analytics', 'performance', 'functional'], marketing: ['marketing'] }

/** Purposes of IAB Europe's framework: storing, and measuring content; storing, and a profile and its use for advertising. */
const TCF = { analytics: [1, 8], marketing: [1, 3, 4] }

const hasCookie = (start: string) => document.cookie.split('; ').some(cookie => cookie.startsWith(start))

let usercentrics: Details | undefined
let tcf: Tcf | undefined

/** Version 3 of Usercentrics promises its answer. */
async function ask(cmp: Globals['__ucCmp'], changed: () => void): Promise<void> {
  if (!cmp) return
  usercentrics = await cmp.getConsentDetails()
  changed()
}

/** The first that is there is believed: many speak for the framework or for WordPress, too, which therefore come last. */
export const BANNERS: readonly Banner[] = [
  // Cookiebot
  {
    events: 'CookiebotOnConsentReady CookiebotOnAccept CookiebotOnDecline',
    read: purpose => {
      const { consent, hasResponse } = page.Cookiebot ?? {}
      return consent && [consent[STATISTICS[purpose]] === true, hasResponse === true]
    },
  },
  // OneTrust: groups are named C0002 for performance and C0004 for targeting, unless a site has named its own.
  {
    events: 'OneTrustGroupsUpdated',
    read: purpose => {
      const { OneTrust, OnetrustActiveGroups: groups } = page
      if (!OneTrust || !groups) return undefined
      return [groups.split(',').includes(purpose === 'analytics' ? 'C0002' : 'C0004'), OneTrust.IsAlertBoxClosed()]
    },
  },
  // Usercentrics, versions 3 and 2
  {
    events: 'UC_UI_INITIALIZED UC_UI_CMP_EVENT UC_CONSENT',
    watch: (changed, event) => {
      const { __ucCmp: cmp } = page
      const { detail } = (event ?? {}) as { detail?: Details | null }
      if (event?.type === 'UC_CONSENT' && detail?.categories) usercentrics = detail
      else void ask(cmp, changed).catch(() => {})
      return undefined
    },
    read: purpose => {
      const names = USERCENTRICS[purpose]
      if (usercentrics) {
        const { consent, categories } = usercentrics
        const category = names.map(name => categories[name]).find(Boolean)
        const isAnswered = consent.type === 'EXPLICIT'
        return category && [category.state === 'ALL_ACCEPTED' && (isAnswered || consent.required === false), isAnswered]
      }
      const { UC_UI, __ucCmp: cmp } = page
      if (cmp || !UC_UI?.isInitialized()) return undefined
      const services = UC_UI.getServicesBaseInfo()
      const name = names.find(each => services.some(({ categorySlug }) => categorySlug === each))
      const ours = services.filter(({ categorySlug }) => categorySlug === name)
      const isAnswered = !UC_UI.isConsentRequired()
      return name === undefined ? undefined : [isAnswered && ours.every(({ consent }) => consent.status), isAnswered]
    },
  },
  // Complianz
  {
    events: 'cmplz_fire_categories cmplz_status_change cmplz_banner_status cmplz_revoke',
    read: purpose =>
      page.cmplz_has_consent && [
        page.cmplz_has_consent(STATISTICS[purpose]),
        hasCookie('cmplz_banner-status=dismissed'),
      ],
  },
  // Cookie Information
  {
    events: 'CookieInformationConsentGiven',
    read: purpose =>
      page.CookieInformation && [
        page.CookieInformation.getConsentGivenFor(`cookie_cat_${purpose === 'analytics' ? 'statistic' : purpose}`) ===
          true,
        hasCookie('CookieInformationConsent='),
      ],
  },
  // CookieYes
  {
    events: 'cookieyes_banner_load cookieyes_consent_update',
    read: purpose => {
      const { categories, isUserActionCompleted } = page.getCkyConsent?.() ?? {}
      return (
        categories && [
          categories[purpose === 'analytics' ? purpose : 'advertisement'] === true,
          isUserActionCompleted === true,
        ]
      )
    },
  },
  // Didomi
  {
    events: '',
    watch: changed => {
      ;(page.didomiOnReady ??= []).push(changed)
      ;(page.didomiEventListeners ??= []).push({ event: 'consent.changed', listener: changed })
      return true
    },
    read: purpose => {
      const { purposes } = page.Didomi?.getCurrentUserStatus() ?? {}
      const known =
        purposes?.[purpose === 'analytics' ? 'measure_content_performance' : 'create_ads_profile'] ??
        purposes?.[purpose]
      return known && [known.enabled === true, !page.Didomi!.shouldUserStatusBeCollected()]
    },
  },
  // Shopify's own, and those that tell it
  {
    events: 'visitorConsentCollected',
    watch: changed => {
      const { Shopify } = page
      if (!Shopify?.loadFeatures) return undefined
      Shopify.loadFeatures([{ name: 'consent-tracking-api', version: '0.1' }], changed)
      return true
    },
    read: purpose => {
      const privacy = page.Shopify?.customerPrivacy
      if (!privacy) return undefined
      const allowed = purpose === 'analytics' ? privacy.analyticsProcessingAllowed() : privacy.marketingAllowed()
      return [allowed, privacy.currentVisitorConsent()[purpose] !== '']
    },
  },
  // WP Consent API, which many plug-ins of WordPress speak: without a banner, everything counts as allowed.
  {
    events: 'wp_consent_type_defined wp_listen_for_consent_change',
    read: purpose =>
      page.wp_has_consent && page.wp_consent_type
        ? [
            page.wp_has_consent(STATISTICS[purpose]),
            hasCookie(`${page.consent_api?.cookie_prefix ?? 'wp_consent'}_${STATISTICS[purpose]}=`),
          ]
        : undefined,
  },
  // IAB Europe's Transparency and Consent Framework, version 2
  {
    events: '',
    watch: changed => {
      const { __tcfapi: tcfapi } = page
      if (!tcfapi) return undefined
      tcfapi('addEventListener', 2, (data, ok) => {
        if (ok) tcf = data
        changed()
      })
      return true
    },
    read: purpose => {
      if (!tcf) return undefined
      const { gdprApplies, eventStatus, purpose: asked } = tcf
      if (gdprApplies === false) return [true, true]
      const isAnswered = /^(tcloaded|useractioncomplete)$/.test(eventStatus)
      return [isAnswered && TCF[purpose].every(each => asked?.consents[each]), isAnswered]
    },
  },
]
