import { FORM_EVENTS } from '../../shared/form.ts'
import { editDistance } from '../../shared/nearest.ts'

/** GA4's recommended names, what the script sends by itself, and what the starters ask of servers. */
const NAMES = `
  page_view user_engagement scroll click file_download form_start form_submit form_abandon search
  view_search_results select_content share login sign_up identify group video_start video_progress
  video_complete view_item view_item_list select_item view_promotion select_promotion add_to_wishlist
  remove_from_wishlist add_to_cart view_cart remove_from_cart begin_checkout add_shipping_info
  add_payment_info purchase refund generate_lead qualify_lead disqualify_lead working_lead
  close_convert_lead close_unconvert_lead demo_use webinar_attend consultation_attend event_attend
  test_drive join_group email_open email_click`

const KNOWN_EVENTS = [...NAMES.trim().split(/\s+/), ...Object.values(FORM_EVENTS).map(({ type }) => type)]

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** The known name that an unknown one was probably meant to be: one or two slips away, or written in another style. */
export function meantEvent(name: string): string | null {
  if (name.length > 64 || KNOWN_EVENTS.includes(name)) return null
  const slips = plain(name).length < 8 ? 1 : 2
  return KNOWN_EVENTS.find(known => editDistance(plain(name), plain(known)) <= slips) ?? null
}
