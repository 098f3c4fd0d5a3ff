import { html } from 'hono/html'

/** Where panel.js shows what Leadlight made of the visit. `data-ll-ignore`: clicks in here are not the shop's. */
export const panel = html`<aside class="panel" id="panel" aria-labelledby="panel-title" data-ll-ignore>
  <header class="panel-top">
    <h2 id="panel-title">Seen by Leadlight</h2>
    <p class="peek" data-panel="peek">Waiting for the first event …</p>
    <button type="button" class="quiet" data-panel="toggle" aria-controls="panel-body">
      <span data-panel="toggle-name">Hide</span>
    </button>
  </header>
  <p class="spoken" role="status" data-panel="spoken"></p>
  <div class="joy" data-panel="joy" hidden></div>
  <div id="panel-body" class="panel-body" tabindex="0" role="region" aria-labelledby="panel-title">
    <div class="trouble" data-panel="trouble" hidden></div>
    <ol class="stages" data-panel="stages" aria-label="Stage">
      <li>Visitor</li>
      <li>Subscriber</li>
      <li>Lead</li>
      <li>MQL</li>
    </ol>
    <section aria-labelledby="panel-score" data-panel="score">
      <h3 id="panel-score">Score</h3>
      <p class="faint">Everything you do on this page arrives here a moment later, together with its worth.</p>
    </section>
    <section aria-labelledby="panel-why" data-panel="why" hidden><h3 id="panel-why">Why</h3></section>
    <section aria-labelledby="panel-next" data-panel="next" hidden><h3 id="panel-next">Next</h3></section>
    <section aria-labelledby="panel-events" data-panel="events" hidden><h3 id="panel-events">Events</h3></section>
    <p class="again">
      <button type="button" class="quiet" data-panel="again">Start over as a new visitor</button>
    </p>
  </div>
</aside>`
