import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Place } from '../engines/place.ts'

// A WooCommerce shop as its themes, blocks and plug-ins write it, and what of its own scripts matters here.

const jquery = readFileSync(createRequire(import.meta.url).resolve('jquery/dist/jquery.min.js'), 'utf8')

/** What somebody entered: nothing of it may ever arrive. */
export const SECRET = 'sentinel-4711'
/** A number that somebody entered, too long to stand in an id by chance. */
export const SECRET_NUMBER = '471100471100'

/** WooCommerce's own, classic: adds by a request, and then tells of it on the body. */
const SCRIPTS = `
  jQuery(function ($) {
    $(document.body).on('click', '.ajax_add_to_cart', function () {
      var button = $(this)
      $(document.body).trigger('adding_to_cart', [button, {}])
      $.post('/?wc-ajax=add_to_cart', {}, function () {
        $(document.body).trigger('added_to_cart', [{}, 'hash', button])
      })
      return false
    })
    $(document.body).on('click', '.remove_from_cart_button', function () {
      var button = $(this)
      $.post('/?wc-ajax=remove_from_cart', {}, function () { $(document.body).trigger('removed_from_cart', [{}, 'hash', button]) })
      return false
    })
    // Of blocks: what the classic scripts tell is told anew for them.
    $(document.body).on('added_to_cart', function () {
      document.body.dispatchEvent(new CustomEvent('wc-blocks_added_to_cart', { bubbles: true, cancelable: true, detail: { preserveCartData: false } }))
    })
    $('.variations_form').on('click', '.single_add_to_cart_button.disabled', () => false)
    $('.variations_form').on('change', 'select', function () {
      var form = $(this).closest('form')
      var variation = form.data('product_variations').find(v => v.attributes.attribute_pa_color === this.value)
      form.find('input.variation_id').val(variation.variation_id)
      form.find('.single_add_to_cart_button').removeClass('disabled')
      form.trigger('found_variation', [variation])
    })
    // YITH WooCommerce Wishlist
    $(document).on('click', '.add_to_wishlist', function () {
      var button = $(this)
      $.post('/?yith', {}, function () { $('body').trigger('added_to_wishlist', [button, button.closest('.yith-wcwl-add-to-wishlist')]) })
      return false
    })
    $(document).on('click', '.tinvwl_add_to_wishlist_button', function () { return false })
  })`

export interface Shop {
  /** In the head: tags, a data layer. */
  head?: string
  /** Of the body: WordPress says there what page it is. */
  classes?: string
  main: string
}

/** A page of the shop, with its scripts at the end. */
export const page = ({
  head = '',
  classes = '',
  main,
}: Shop): string => `<html lang="en"><head><title>Shop</title>${head}</head>
  <body class="wp-theme-storefront ${classes}">${main}
  <script src="/wp-includes/js/jquery/jquery.min.js"></script><script>${SCRIPTS}</script></body></html>`

export function serveScripts(place: Place): void {
  const type = { 'content-type': 'text/javascript' }
  place.page('/wp-includes/js/jquery/jquery.min.js', jquery, type)
}

const amount = (value: string) =>
  `<span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">&euro;</span>${value}</bdi></span>`

/** A card in a list of products. */
export const card = (id: number, name: string, price: string): string => `
  <li class="product type-product post-${id} status-publish instock product-type-simple">
    <a href="/product/${name.toLowerCase()}/" class="woocommerce-LoopProduct-link woocommerce-loop-product__link">
      <h2 class="woocommerce-loop-product__title">${name}</h2>
      <span class="price"><del aria-hidden="true">${amount('999.00')}</del> <ins aria-hidden="true">${amount(price)}</ins></span>
    </a>
    <a href="?add-to-cart=${id}" aria-describedby="woocommerce_loop_add_to_cart_link_describedby_${id}" data-quantity="1"
      class="button product_type_simple add_to_cart_button ajax_add_to_cart" data-product_id="${id}" data-product_sku="SKU-${id}"
      aria-label="Add to cart: &ldquo;${name}&rdquo;" rel="nofollow">Add to cart</a>
    <div class="yith-wcwl-add-to-wishlist add-to-wishlist-${id}"><div class="yith-wcwl-add-button">
      <a href="?add_to_wishlist=${id}" class="add_to_wishlist single_add_to_wishlist" data-product-id="${id}" data-product-type="simple"
        data-original-product-id="${id}" data-title="Add to wishlist" rel="nofollow"><span>Add to wishlist</span></a></div></div>
    <div class="tinv-wraper woocommerce tinv-wishlist tinvwl-loop-button-wrapper">
      <a role="button" tabindex="0" aria-label="Add to Wishlist" class="tinvwl_add_to_wishlist_button tinvwl-icon-heart tinvwl-position-after tinvwl-loop"
        data-tinv-wl-list="[]" data-tinv-wl-product="${id}" data-tinv-wl-productvariation="0" data-tinv-wl-productvariations="[]"
        data-tinv-wl-producttype="simple" data-tinv-wl-action="add"><span class="tinvwl_add_to_wishlist-text">Add to Wishlist</span></a></div>
  </li>`

/** The data of a product, as WooCommerce writes it and an SEO plug-in embeds it. */
export const described = (path: string): string =>
  `<script type="application/ld+json" class="rank-math-schema">${JSON.stringify({
    '@context': 'https://schema.org/',
    '@graph': [
      { '@type': 'WebSite', '@id': '/#website', name: 'Shop' },
      {
        '@type': 'BreadcrumbList',
        itemListElement: [{ '@type': 'ListItem', position: 1, item: { name: 'Home', '@id': '/' } }],
      },
      {
        '@type': 'Product',
        '@id': `${path}#product`,
        name: 'Arc lamp',
        url: path,
        sku: 'ARC',
        brand: { '@type': 'Brand', name: 'Lys' },
        offers: [
          {
            '@type': 'Offer',
            priceSpecification: [
              { '@type': 'UnitPriceSpecification', price: '340.00', priceCurrency: 'EUR', validThrough: '2027-12-31' },
            ],
            availability: 'http://schema.org/InStock',
            url: path,
            seller: { '@type': 'Organization', name: 'Shop' },
          },
        ],
      },
    ],
  })}</script>`

const VARIATIONS = [
  { attributes: { attribute_pa_color: 'brass' }, display_price: 360, sku: 'ARC-BRASS', variation_id: 43 },
  { attributes: { attribute_pa_color: 'black' }, display_price: 340, sku: '', variation_id: 44 },
]

/** The page of a product with variations. */
export const variable = (id: number): string => `
  <div id="product-${id}" class="product type-product post-${id} product-type-variable"><div class="summary entry-summary">
    <h1 class="product_title entry-title">Arc lamp</h1><p class="price">${amount('340.00')} &ndash; ${amount('360.00')}</p>
    <form class="variations_form cart" action="/product/arc/" method="post" enctype="multipart/form-data" data-product_id="${id}"
      data-product_variations='${JSON.stringify(VARIATIONS)}'>
      <table class="variations"><tr><td class="value"><select id="pa_color" name="attribute_pa_color" data-attribute_name="attribute_pa_color">
        <option value="">Choose an option</option><option value="brass">Brass</option><option value="black">Black</option></select></td></tr></table>
      <label>Engraving <input id="engraving" name="wc_engraving" value="${SECRET}"></label>
      <div class="quantity"><input type="number" id="quantity" class="input-text qty text" name="quantity" value="${SECRET_NUMBER}" min="1"></div>
      <button type="submit" class="single_add_to_cart_button button alt disabled">Add to cart</button>
      <input type="hidden" name="add-to-cart" value="${id}"><input type="hidden" name="product_id" value="${id}">
      <input type="hidden" name="variation_id" class="variation_id" value="0">
    </form></div>
    <section class="related products"><ul class="products columns-3">${card(12, 'Shade', '49.50')}</ul></section></div>`

/** A row of the classic cart. */
export const row = (id: number, name: string, price: string): string => `
  <tr class="woocommerce-cart-form__cart-item cart_item">
    <td class="product-remove"><a role="button" href="?remove_item=abc&amp;_wpnonce=1" class="remove" aria-label="Remove ${name} from cart"
      data-product_id="${id}" data-product_sku="">&times;</a></td>
    <th scope="row" class="product-name" data-title="Product"><a href="/product/${id}/">${name}</a></th>
    <td class="product-price" data-title="Price">${amount(price)}</td>
    <td class="product-quantity"><div class="quantity"><input type="number" class="qty" name="cart[abc][qty]" value="${SECRET_NUMBER}"></div></td>
    <td class="product-subtotal" data-title="Subtotal">${amount(price)}</td></tr>`

/** The thank-you page, which also says who has ordered. */
export const THANKS = `
  <div class="woocommerce-order"><p class="woocommerce-notice woocommerce-notice--success woocommerce-thankyou-order-received">Thank you.</p>
    <ul class="woocommerce-order-overview woocommerce-thankyou-order-details order_details">
      <li class="woocommerce-order-overview__order order">Order number: <strong>2041</strong></li>
      <li class="woocommerce-order-overview__date date">Date: <strong>May 1, 2027</strong></li>
      <li class="woocommerce-order-overview__email email">Email: <strong>${SECRET}@example.com</strong></li>
      <li class="woocommerce-order-overview__total total">Total: <strong>${amount('1,439.50')}</strong></li>
    </ul>
    <section class="woocommerce-order-details"><table class="woocommerce-table woocommerce-table--order-details shop_table order_details"><tbody>
      <tr class="woocommerce-table__line-item order_item"><td class="woocommerce-table__product-name product-name">
        <a href="/product/arc/">Arc lamp</a> <strong class="product-quantity">&times;&nbsp;4</strong></td>
        <td class="woocommerce-table__product-total product-total">${amount('1,360.00')}</td></tr>
      <tr class="woocommerce-table__line-item order_item"><td class="woocommerce-table__product-name product-name">
        <a href="/product/shade/">Shade</a> <strong class="product-quantity">&times;&nbsp;1</strong></td>
        <td class="woocommerce-table__product-total product-total">${amount('49.50')}</td></tr></tbody></table></section>
    <section class="woocommerce-customer-details"><address>${SECRET}</address></section></div>`

/** The button of a block theme's list, which adds through the Store API. */
export const blockCard = (id: number, name: string): string => `
  <li class="wc-block-product post-${id} product type-product"><h2 class="wp-block-post-title"><a href="/product/${id}/">${name}</a></h2>
    <div data-block-name="woocommerce/product-price"><span class="wc-block-components-product-price">${amount('59.00')}</span></div>
    <div data-block-name="woocommerce/product-button" class="wp-block-button wc-block-components-product-button">
      <button class="wp-block-button__link wp-element-button wc-block-components-product-button__button add_to_cart_button ajax_add_to_cart_block product_type_simple"
        data-product_id="${id}" data-product_sku="" data-wp-on--click="actions.addCartItem"><span>Add to cart</span></button></div></li>`

/** The cart of blocks, and their store of it: \`shopPut(id, quantity)\` is what the Store API then answers. */
export const STORE = `<div data-block-name="woocommerce/cart" class="wp-block-woocommerce-cart alignwide"></div><script>
  {
    const listeners = [], prices = { price: '5900', currency_code: 'NOK', currency_minor_unit: 2 }
    let cart = { items: [] }, known = false
    const store = { getCartData: () => cart, hasFinishedResolution: name => name === 'getCartData' && known }
    const changed = () => listeners.forEach(listener => listener())
    window.wp = { data: { select: name => (name === 'wc/store/cart' ? store : undefined), subscribe: listener => void listeners.push(listener) } }
    window.shopKnown = items => { known = true; cart = { items: items.map(item => ({ ...item, prices })) }; changed() }
    document.addEventListener('click', ({ target }) => {
      const button = target.closest('.ajax_add_to_cart_block')
      if (!button) return
      const id = Number(button.dataset.product_id)
      setTimeout(() => {
        window.shopKnown([...cart.items, { key: 'k' + id, id, name: 'Oak &amp; ash', quantity: 1 }])
        document.body.dispatchEvent(new CustomEvent('wc-blocks_added_to_cart', { bubbles: true, detail: { preserveCartData: true } }))
      }, 30)
    })
  }</script>`
