// Events as they are stored, the newest first. What a stranger wrote is put in as text, never as markup.
const list = document.getElementById('live')
const state = document.getElementById('live-state')
const button = document.getElementById('live-pause')
const empty = document.getElementById('live-row').content.firstElementChild

/** Lines that are shown, and that wait while it is paused. */
const MOST = 200
const labels = { pause: button.textContent, resume: button.dataset.resume }
let waiting = []
let isPaused = false
let isOpen = false

function show({ at, time, what, about, mark, lead }) {
  const row = empty.cloneNode(true)
  const [name, text, chip] = row.querySelectorAll('.what > *')
  const link = row.querySelector('a')
  row.querySelector('time').dateTime = at
  row.querySelector('time').textContent = time
  name.textContent = what
  text.textContent = about
  row.classList.toggle('weak', mark !== null)
  if (mark === null) chip.remove()
  else chip.textContent = mark
  if (lead === null) link.remove()
  else {
    link.href = lead
    link.lastElementChild.textContent = `: ${what}, ${time}`
  }
  list.prepend(row)
  if (list.children.length > MOST) list.lastElementChild.remove()
}

function tell() {
  const { on, off, paused } = state.dataset
  state.textContent = isPaused ? `${paused} ${waiting.length || ''}` : isOpen ? on : off
}

const stream = new EventSource(list.dataset.from)
stream.addEventListener('open', () => {
  isOpen = true
  tell()
})
stream.addEventListener('error', () => {
  isOpen = false
  tell()
})
stream.addEventListener('event', ({ data }) => {
  if (!isPaused) return show(JSON.parse(data))
  waiting = [...waiting, JSON.parse(data)].slice(-MOST)
  tell()
})

button.hidden = false
button.addEventListener('click', () => {
  isPaused = !isPaused
  button.textContent = isPaused ? labels.resume : labels.pause
  for (const line of waiting.splice(0)) show(line)
  tell()
})
tell()
