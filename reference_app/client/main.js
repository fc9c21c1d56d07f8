/**
 * Puts client, shell and page together.
 */

import { heard, NOTHING_YET, seen } from './connection_log.js';
import { ConnectionView } from './connection_view.js';
import { say } from './console_lines.js';
import { BROWSER, newId, supported } from './core/browser.js';
import { options } from './core/options.js';
import { Runtime } from './core/runtime.js';
import { listen } from './core/signals.js';
import { initial } from './core/state.js';
import { display, figures } from './display.js';
import { BEATS, followed, NO_COURSE } from './figures_over_time.js';
import { languageOf } from './language.js';
import { reloadIn } from './reload.js';
import { scaleFrom } from './scale.js';
import { timer } from './timer.js';
import { TimerView } from './timer_view.js';
import { translate } from './translation.js';

const PAINT_EVERY = 100; // ms

const scale = scaleFrom(document.querySelector('meta[name="time-scale"]')?.getAttribute('content'));
const state = initial({ options: options(scale), client: newId(), supported: supported(), shown: timer.initial });
const language = languageOf(navigator.languages);
const view = new TimerView(document, command, language);
const connection = new ConnectionView(document, language);
const sampleEvery = BEATS * state.options.tick;
let [log, course, counted] = [NOTHING_YET, NO_COURSE, {}];
const runtime = new Runtime(state, {
  app: timer,
  world: BROWSER,
  base: document.baseURI,
  on: {
    change() {
      log = seen(log, known());
      paint();
    },
    say(said) {
      say(console, said);
      log = heard(log, said, known());
      if (said.line === 'stopped' && said.details['why'] === 'version') reloadSoon();
    },
  },
});

/**
 * @param {string} name
 * @param {Record<string, unknown>} args
 */
function command(name, args) {
  runtime.feed({ type: 'command', id: newId(), name, args });
}

function known() {
  return { state: runtime.state, now: BROWSER.now(), unixNow: BROWSER.unixNow() };
}

function reloadSoon() {
  const ms = reloadIn(window.sessionStorage, { unixNow: Date.now(), random: Math.random(), scale });
  if (ms !== null) window.setTimeout(() => window.location.reload(), ms);
}

/** Nothing is drawn that is as it was: a page that stands still costs next to nothing. */
function paint() {
  const now = BROWSER.now();
  const { metrics } = runtime.state;
  view.render(display(runtime.state, now, language));
  connection.renderLog(log);
  if (metrics !== counted) connection.renderFigures(figures(runtime.state, now));
  counted = metrics;
  course = followed(course, metrics, { now, every: sampleEvery });
  if (document.visibilityState === 'visible') connection.renderCharts(course, sampleEvery);
}

translate(document, language);
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
