// Moves the threshold without asking the collector: every figure is a cell of the threshold's row in the table.
const card = document.querySelector('[data-scale]')
const { threshold, flagged, weeks } = JSON.parse(card.dataset.scale)
const { rows } = card.querySelector('figure tbody')
const names = card.querySelector('figure thead tr').cells
const slider = card.querySelector('[data-slider]')
const capacity = card.querySelector('[data-capacity]')
const mark = card.querySelector('[data-mark]')
const top = threshold.length - 1

/** The first row from which `holds`; they all do from there on. */
const firstRow = holds => {
  const found = threshold.findIndex((_, row) => holds(row))
  return found < 0 ? top : found
}

function show(row, typedIn) {
  const at = threshold[row]
  for (const field of card.querySelectorAll('[data-threshold]')) if (field !== typedIn) field.value = at
  for (const part of card.querySelectorAll('[data-column]'))
    part.textContent = rows[row].cells[part.dataset.column].textContent
  if (slider !== typedIn) slider.value = at
  const told = [...rows[row].cells].map(
    (cell, column) => (column === 0 ? '' : `${names[column].textContent} `) + cell.textContent,
  )
  slider.setAttribute('aria-valuetext', told.slice(0, 3).join('; '))
  for (const end of ['x1', 'x2']) mark.setAttribute(end, `${(100 * row) / (top || 1)}%`)
  clearTimeout(noting)
  noting = setTimeout(note, 300, at)
}

/** Not while the slider is being drawn: browsers allow so many changes of an address and no more. */
let noting
function note(at) {
  const here = new URL(location)
  here.searchParams.set('at', at)
  here.searchParams.delete('per_week')
  history.replaceState(null, '', here)
}

/** Halves of a step are what becomes of tenths in binary. */
const rowOf = at => firstRow(row => threshold[row] > at - 1e-9)

function choose({ target }) {
  if (target.value !== '' && target.checkValidity()) show(rowOf(target.valueAsNumber), target)
}

/** The lowest threshold that flags no more than sales can take; of those that flag the same people the highest. */
function suit() {
  if (capacity.value === '' || !capacity.checkValidity()) return
  const most = flagged[firstRow(row => flagged[row] / weeks <= capacity.valueAsNumber)]
  show(flagged.lastIndexOf(most))
}

slider.hidden = false
slider.addEventListener('input', choose)
card.querySelector('#at').addEventListener('input', choose)
capacity.addEventListener('input', suit)
for (const button of card.querySelectorAll('[data-without-script]')) button.hidden = true
for (const form of card.querySelectorAll('form[method="get"]'))
  form.addEventListener('submit', event => {
    event.preventDefault()
    if (form.contains(capacity)) suit()
  })
for (const offer of card.querySelectorAll('[data-at]'))
  offer.addEventListener('click', event => {
    event.preventDefault()
    show(rowOf(Number(offer.dataset.at)))
  })
