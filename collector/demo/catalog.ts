/** A lamp of the shop. Prices are in euros, VAT included. */
export interface Lamp {
  /** Also the name in the address and the `item_id` of its events. */
  slug: string
  name: string
  /** What the Norwegian name means, and what the lamp is. */
  line: string
  price: number
  text: string[]
  facts: [label: string, value: string][]
}

export const CURRENCY = 'EUR'

export const price = (amount: number): string =>
  new Intl.NumberFormat('en-IE', { style: 'currency', currency: CURRENCY, minimumFractionDigits: 0 }).format(amount)

export const LAMPS: readonly Lamp[] = [
  {
    slug: 'klokke',
    name: 'Klokke',
    line: 'The bell. Spun aluminium, enamelled like an old coffee pot.',
    price: 340,
    text: [
      'Klokke is spun by hand from a single sheet and enamelled twice: deep green outside, warm white inside, where it matters. It throws a round, quiet pool of light and keeps it out of your eyes.',
      'Hang one over a kitchen table, three over a long one, twenty in a canteen. The socket turns a little, so a slanted ceiling is no excuse.',
    ],
    facts: [
      ['Shade', 'Spun aluminium, enamelled, Ø 42 cm'],
      ['Light', '2,700 K, 780 lm, CRI 95, dims to 1 %'],
      ['Cord', 'Woven linen, 3 m, free length'],
      ['Repair', 'Driver and light source can be replaced without tools'],
    ],
  },
  {
    slug: 'mane',
    name: 'Måne',
    line: 'The moon. Opal glass, blown by mouth, never quite round.',
    price: 420,
    text: [
      'Three layers of glass, the middle one white as milk. The maker blows each globe freely and stops when it is right, so no two are alike, and no one has ever asked for the round one.',
      'Måne lights a whole room evenly. It belongs on a landing, in a hallway, above a bed, or in a row down a corridor.',
    ],
    facts: [
      ['Shade', 'Mouth-blown opal glass, Ø 30 cm'],
      ['Light', '2,700 K, 920 lm, CRI 95, dims to 1 %'],
      ['Fitting', 'Solid brass, left raw to darken'],
      ['Repair', 'Glass and driver sold as single parts'],
    ],
  },
  {
    slug: 'rand',
    name: 'Rand',
    line: 'The rim. One metre forty of oak with a line of light beneath.',
    price: 780,
    text: [
      'A slim bar of Norwegian oak holds a continuous line of light, so evenly spread that you cannot count the diodes. Up-light is separate: soft on the ceiling, bright on the table.',
      'Made for desks, counters and meeting tables. Rands join end to end without a dark gap, up to eleven metres on one feed.',
    ],
    facts: [
      ['Body', 'Solid oak, 140 × 3.5 × 4 cm'],
      ['Light', '2,700 or 3,000 K, 2,400 lm down, 900 lm up, CRI 97'],
      ['Glare', 'UGR below 16 over a desk'],
      ['Control', 'DALI-2, Casambi or a plain wall dimmer'],
    ],
  },
  {
    slug: 'skjell',
    name: 'Skjell',
    line: 'The shell. Birch veneer in five tiers, held by nothing but tension.',
    price: 290,
    text: [
      'Skjell comes as a flat parcel: thirty pieces of birch veneer and no glue. You slot it together in an evening, and the grain glows like honey when you are done.',
      'The tiers hide the light source from every angle, standing, sitting or lying on the floor with a three-year-old.',
    ],
    facts: [
      ['Shade', 'Birch veneer, oiled, Ø 46 cm'],
      ['Light', 'E27, supplied with 2,400 K, 600 lm, CRI 93'],
      ['Weight', '680 g'],
      ['Parcel', 'Flat, 48 × 30 × 4 cm'],
    ],
  },
  {
    slug: 'kjegle',
    name: 'Kjegle',
    line: 'The cone. Fired clay, glazed inside only.',
    price: 260,
    text: [
      'Turned and fired by a potter two streets from our workshop. The outside stays bare clay, the inside is glazed in tin white, and the rim shows where the one meets the other.',
      'Kjegle makes a narrow, bright beam: for a bar, a bedside, a painting, a single chair.',
    ],
    facts: [
      ['Shade', 'Terracotta, tin glaze inside, Ø 22 cm'],
      ['Light', '2,700 K, 520 lm, 36° beam, CRI 95'],
      ['Cord', 'Woven linen, 3 m, free length'],
      ['Outdoors', 'Under a roof, IP44'],
    ],
  },
  {
    slug: 'sverm',
    name: 'Sverm',
    line: 'The swarm. Seven small moons on one canopy, for stairwells and foyers.',
    price: 1450,
    text: [
      'Seven blown globes at seven heights, from one ceiling rose. We cut the cords to your drawing, up to nine metres, and number them so that the electrician can hang the swarm in an hour.',
      'For stairwells, foyers and any room that is taller than it is wide. Larger swarms are made to order: ask for a quote.',
    ],
    facts: [
      ['Shades', 'Seven opal globes, Ø 10–14 cm'],
      ['Light', '2,700 K, 7 × 260 lm, CRI 95'],
      ['Canopy', 'Brushed brass, Ø 38 cm'],
      ['Made to order', 'Any number, cords up to 9 m, four weeks'],
    ],
  },
]

export const lampCalled = (slug: string): Lamp | undefined => LAMPS.find(lamp => lamp.slug === slug)
