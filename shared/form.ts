/** What a form is for, as `data-ll-form` says it, and the event that submitting it is kept as. Any other kind stays a `form_submit`. */
export const FORM_EVENTS: Record<string, { type: string; method?: string }> = {
  newsletter: { type: 'sign_up', method: 'newsletter' },
  blog: { type: 'sign_up', method: 'blog' },
  loyalty: { type: 'sign_up', method: 'loyalty' },
  contact: { type: 'contact' },
  demo: { type: 'request_demo' },
  quote: { type: 'request_quote' },
  proposal: { type: 'request_proposal' },
  purchase_info: { type: 'request_purchase_info' },
}
