/**
 * Puts client, shell and page together.
 */

import { say } from './console_lines.js';
import { BROWSER, newId, supported } from './core/browser.js';
import { options } from './core/options.js';
import { Runtime } from './core/runtime.js';
import { listen } from './core/signals.js';
import { initial } from './core/state.js';
import { display, figures } from './display.js';
import { reloadIn } from './reload.js';
import { scaleFrom } from './scale.js';
import { timer } from './timer.js';
import { TimerView } from './timer_view.js';

const PAINT_EVERY = 50; // ms

const scale = scaleFrom(document.querySelector('meta[name="time-scale"]')?.getAttribute('content'));
const state = initial({ options: options(scale), client: newId(), supported: supported(), shown: timer.initial });
const view = new TimerView(document, (name, args) => runtime.feed({ type: 'command', id: newId(), name, args }));
const runtime = new Runtime(state, {
  app: timer,
  world: BROWSER,
  base: document.baseURI,
  on: {
    change: paint,
    say(said) {
      view.log(say(console, said), new Date());
      if (said.line === 'stopped' && said.details['why'] === 'version') reloadSoon();
    },
  },
});

function reloadSoon() {
  const ms = reloadIn(window.sessionStorage, { unixNow: Date.now(), random: Math.random(), scale });
  if (ms !== null) window.setTimeout(() => window.location.reload(), ms);
}

function paint() {
  const now = BROWSER.now();
  view.render(display(runtime.state, now));
  view.renderFigures(figures(runtime.state, now));
}

const stopListening = listen(window, document, (signal) => runtime.feed({ type: signal }));
const painting = window.setInterval(paint, PAINT_EVERY);
runtime.feed({ type: 'start' });

Object.assign(window, {
  __trace: runtime.trace,
  __timerMetrics: () => figures(runtime.state, BROWSER.now()),
  __timerDispose() {
    stopListening();
    window.clearInterval(painting);
    runtime.dispose();
  },
});
