/** A product, in GA4's words. */
export interface Item {
  item_id?: string
  item_name?: string
  affiliation?: string
  coupon?: string
  discount?: number
  index?: number
  item_brand?: string
  item_category?: string
  item_category2?: string
  item_category3?: string
  item_category4?: string
  item_category5?: string
  item_list_id?: string
  item_list_name?: string
  item_variant?: string
  location_id?: string
  price?: number
  quantity?: number
}

/** What is being sold: GA4's list of items, or one item's fields at once. */
interface Sale extends Item {
  /** ISO 4217. */
  currency?: string
  value?: number
  items?: Item[]
}

interface Promotion {
  creative_name?: string
  creative_slot?: string
  promotion_id?: string
  promotion_name?: string
  items?: Item[]
}

/** A lead, as GA4's lead generation events describe it. */
interface LeadEvent {
  currency?: string
  value?: number
  lead_source?: string
}

interface Request {
  /** What it is about: product, vehicle, plan. */
  item_id?: string
  item_name?: string
}

/**
 * Events with a known meaning, and their properties. Any other name and any other property is as welcome. To type your
 * own: `declare module 'leadlight' { interface EventProperties { test_drive: { vehicle: string } } }`.
 */
export interface EventProperties {
  add_payment_info: Sale & { payment_type?: string }
  add_shipping_info: Sale & { shipping_tier?: string }
  add_to_cart: Sale
  add_to_wishlist: Sale
  begin_checkout: Sale
  purchase: Sale & { transaction_id: string; tax?: number; shipping?: number }
  refund: Sale & { transaction_id: string; tax?: number; shipping?: number }
  remove_from_cart: Sale
  remove_from_wishlist: Sale
  view_cart: Sale
  view_item: Sale
  view_item_list: { item_list_id?: string; item_list_name?: string; items?: Item[] }
  select_item: { item_list_id?: string; item_list_name?: string; items?: Item[] }
  select_promotion: Promotion
  view_promotion: Promotion

  generate_lead: LeadEvent
  qualify_lead: LeadEvent
  disqualify_lead: LeadEvent & { disqualified_lead_reason?: string }
  working_lead: LeadEvent & { lead_status?: string }
  close_convert_lead: LeadEvent
  close_unconvert_lead: LeadEvent & { unconvert_lead_reason?: string }

  join_group: { group_id?: string }
  login: { method?: string }
  search: { search_term: string }
  view_search_results: { search_term: string }
  select_content: { content_type?: string; content_id?: string }
  share: { method?: string; content_type?: string; item_id?: string }
  sign_up: { method?: string }
  tutorial_begin: object
  tutorial_complete: object
  video_start: Video
  video_progress: Video
  video_complete: Video

  file_download: { link_url?: string; file_name?: string; file_extension?: string; link_text?: string }
  form_start: { form_id?: string; form_name?: string; form_destination?: string }
  form_submit: { form_id?: string; form_name?: string; form_destination?: string }

  contact: object
  demo_use: Request
  request_demo: Request
  request_proposal: Request
  request_purchase_info: Request
  request_quote: Request
  consultation_attend: object
  test_drive: Request
  webinar_attend: { webinar?: string }
}

interface Video {
  video_title?: string
  video_provider?: string
  video_url?: string
  /** Seconds. */
  video_current_time?: number
  /** Seconds. */
  video_duration?: number
  video_percent?: number
}
