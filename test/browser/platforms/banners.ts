// Consent banners by their public interfaces, each a script that offers `answer(allowed)`, as its visitor does.

const fire = (name: string, detail = 'undefined', target = 'window') =>
  `${target}.dispatchEvent(new CustomEvent('${name}', { detail: ${detail} }))`

export const BANNERS: Record<string, string> = {
  Cookiebot: `
    window.Cookiebot = { hasResponse: false, consent: { necessary: true, preferences: false, statistics: false, marketing: false } }
    window.answer = allowed => {
      Cookiebot.hasResponse = true
      Cookiebot.consent.statistics = allowed
      ${fire('CookiebotOnConsentReady')}
      allowed ? ${fire('CookiebotOnAccept')} : ${fire('CookiebotOnDecline')}
    }`,
  OneTrust: `
    let closed = false
    // Comes late, as its stub loads it.
    setTimeout(() => {
      window.OneTrust = { IsAlertBoxClosed: () => closed }
      window.OnetrustActiveGroups = ',C0001,'
      ${fire('OneTrustGroupsUpdated', `['C0001']`)}
    }, 50)
    window.answer = allowed => {
      closed = true
      window.OnetrustActiveGroups = allowed ? ',C0001,C0002,' : ',C0001,'
      ${fire('OneTrustGroupsUpdated')}
    }`,
  'Usercentrics 3': `
    let consent = { required: true, status: 'ALL_DENIED', type: 'IMPLICIT' }, state = 'ALL_DENIED'
    window.__ucCmp = { getConsentDetails: async () => ({ consent, categories: { essential: { state: 'ALL_ACCEPTED' }, functional: { state } } }) }
    addEventListener('DOMContentLoaded', () => ${fire('UC_UI_INITIALIZED')})
    window.answer = allowed => {
      state = allowed ? 'ALL_ACCEPTED' : 'ALL_DENIED'
      consent = { ...consent, status: state, type: 'EXPLICIT' }
      ${fire('UC_CONSENT', '{ consent, categories: { functional: { state } } }')}
    }`,
  'Usercentrics 2': `
    let required = true, status = false
    window.UC_UI = { isInitialized: () => true, isConsentRequired: () => required, getServicesBaseInfo: () => [
      { name: 'Shop', categorySlug: 'essential', consent: { status: true } }, { name: 'Leadlight', categorySlug: 'functional', consent: { status } } ] }
    window.answer = allowed => {
      required = false
      status = allowed
      ${fire('UC_UI_CMP_EVENT', `{ source: 'FIRST_LAYER', type: allowed ? 'ACCEPT_ALL' : 'DENY_ALL' }`)}
    }`,
  Complianz: `
    const allow = new Set(['functional'])
    window.cmplz_has_consent = category => allow.has(category)
    window.answer = allowed => {
      allowed ? allow.add('statistics') : allow.delete('statistics')
      ${fire('cmplz_status_change', `{ category: 'statistics', value: allowed ? 'allow' : 'deny' }`, 'document')}
      document.cookie = 'cmplz_banner-status=dismissed'
      ${fire('cmplz_banner_status', `'dismissed'`, 'document')}
    }`,
  'Cookie Information': `
    let given = {}
    window.CookieInformation = { getConsentGivenFor: category => given[category] }
    window.answer = allowed => {
      given = { cookie_cat_necessary: true, cookie_cat_statistic: allowed }
      document.cookie = 'CookieInformationConsent=' + encodeURIComponent(JSON.stringify(given))
      ${fire('CookieInformationConsentGiven')}
    }`,
  CookieYes: `
    let done = false, analytics = false
    window.getCkyConsent = () => ({ activeLaw: 'gdpr', isUserActionCompleted: done, categories: { necessary: true, analytics, advertisement: false } })
    addEventListener('DOMContentLoaded', () => ${fire('cookieyes_banner_load', 'getCkyConsent()', 'document')})
    window.answer = allowed => {
      done = true
      analytics = allowed
      ${fire('cookieyes_consent_update', `{ accepted: allowed ? ['necessary', 'analytics'] : ['necessary'], rejected: [] }`, 'document')}
    }`,
  Didomi: `
    let enabled
    addEventListener('load', () => {
      window.Didomi = { shouldUserStatusBeCollected: () => enabled === undefined, getCurrentUserStatus: () => ({
        purposes: { cookies: { enabled }, measure_content_performance: { id: 'measure_content_performance', enabled } } }) }
      for (const ready of window.didomiOnReady || []) ready(Didomi)
    })
    window.answer = allowed => {
      enabled = allowed
      for (const { event, listener } of window.didomiEventListeners) if (event === 'consent.changed') listener({})
    }`,
  Shopify: `
    let analytics = ''
    window.Shopify = { loadFeatures: (features, done) => setTimeout(() => {
      Shopify.customerPrivacy = { analyticsProcessingAllowed: () => analytics === 'yes', marketingAllowed: () => false,
        currentVisitorConsent: () => ({ analytics, marketing: '', preferences: '', sale_of_data: '' }) }
      done()
    }, 30) }
    window.answer = allowed => {
      analytics = allowed ? 'yes' : 'no'
      ${fire('visitorConsentCollected', '{ analyticsAllowed: allowed }', 'document')}
    }`,
  'WP Consent API': `
    window.consent_api = { cookie_prefix: 'wp_consent' }
    let value = ''
    // Before a banner has said which kind of consent it asks for, everything is allowed.
    window.wp_has_consent = () => !window.wp_consent_type || value === 'allow'
    addEventListener('DOMContentLoaded', () => {
      window.wp_consent_type = 'optin'
      ${fire('wp_consent_type_defined', 'undefined', 'document')}
    })
    window.answer = allowed => {
      value = allowed ? 'allow' : 'deny'
      document.cookie = 'wp_consent_statistics=' + value
      ${fire('wp_listen_for_consent_change', '{ statistics: value }', 'document')}
    }`,
  'IAB TCF': `
    let tell, data = { gdprApplies: true, eventStatus: 'cmpuishown', purpose: { consents: { 1: true, 8: true } } }
    window.__tcfapi = (command, version, done) => { if (command === 'addEventListener') { tell = done; done(data, true) } }
    window.answer = allowed => tell({ ...data, eventStatus: 'useractioncomplete', purpose: { consents: { 1: true, 8: allowed } } }, true)`,
}
