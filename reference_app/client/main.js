/**
 * Puts client, shell and page together.
 *
 * @import { World } from './core/runtime.js'
 */

import { display, figures } from './display.js';
import { RUNGS } from './core/ladder.js';
import { options, scaleFrom } from './core/options.js';
import { Runtime } from './core/runtime.js';
import { listen } from './core/signals.js';
import { initial } from './core/state.js';
import { TimerView } from './timer_view.js';
import { post } from './core/transports/polling.js';
import { TRANSPORTS } from './core/transports/transport.js';

const PAINT_EVERY = 50; // ms

/** @type {World} */
const world = {
  now: () => performance.timeOrigin + performance.now(),
  unixNow: Date.now,
  random: Math.random,
  setTimeout: (callback, ms) => window.setTimeout(callback, ms),
  clearTimeout: (handle) => window.clearTimeout(handle),
  console,
  transports: TRANSPORTS,
  post,
};

const scale = scaleFrom(document.querySelector('meta[name="time-scale"]')?.getAttribute('content'));
const supported = RUNGS.filter((rung) => TRANSPORTS[rung].isSupported(globalThis));
const state = initial({ options: options(scale), client: newId(), supported });
const view = new TimerView(document, (name, args) => runtime.feed({ type: 'command', id: newId(), name, args }));
const runtime = new Runtime(state, {
  world,
  base: document.baseURI,
  on: { change: paint, line: (line) => view.log(line, new Date()) },
});

function paint() {
  const now = world.now();
  view.render(display(runtime.state, now));
  view.renderFigures(figures(runtime.state, now));
}

/** An id that needs no secure context, unlike `crypto.randomUUID`. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const stopListening = listen(window, document, (signal) => runtime.feed({ type: signal }));
const painting = window.setInterval(paint, PAINT_EVERY);
runtime.feed({ type: 'start' });

Object.assign(window, {
  __trace: runtime.trace,
  __timerMetrics: () => figures(runtime.state, world.now()),
  __timerDispose() {
    stopListening();
    window.clearInterval(painting);
    runtime.dispose();
  },
});
