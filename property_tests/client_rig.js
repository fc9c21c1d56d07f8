// Runs in the reference app's own page: the client and its view as they are, but for a socket that a test holds.
import { options } from '/client/core/options.js';
import { Runtime } from '/client/core/runtime.js';
import { initial } from '/client/core/state.js';
import { display, figures } from '/client/display.js';
import { timer } from '/client/timer.js';
import { TimerView } from '/client/timer_view.js';

const NEVER = 1e9; // dropping a link for too much rubbish is another test's business

export class Rig {
  #sockets = [];
  #snapshot;

  /** @param {string} snapshot what the server says first on each connection, and when it is asked to resynchronise */
  constructor(snapshot) {
    this.#snapshot = snapshot;
    const view = new TimerView(document, () => {});
    const world = {
      now: () => performance.timeOrigin + performance.now(),
      unixNow: Date.now,
      random: Math.random,
      setTimeout: (callback, ms) => setTimeout(callback, ms),
      clearTimeout: (handle) => clearTimeout(handle),
      transports: { websocket: { open: (url, on) => this.#open(on) } },
      post: () => ({ close() {} }),
    };
    const settings = options(1, { malformedLimit: NEVER, foreignVersionLimit: NEVER, resyncEvery: 0 });
    const state = initial({ options: settings, client: 'rig', supported: ['websocket'], shown: timer.initial });
    this.runtime = new Runtime(state, {
      app: timer,
      world,
      base: document.baseURI,
      on: { change: () => view.render(display(this.runtime.state, world.now())), say: () => {} },
    });
    this.runtime.feed({ type: 'start' });
    this.#answer();
  }

  #open(on) {
    this.#sockets.push(on);
    return { close() {}, send: (text) => JSON.parse(text).kind === 'resync' && queueMicrotask(() => this.#answer()) };
  }

  #answer() {
    this.receive(this.#snapshot);
  }

  /** @param {unknown} data a message on the newest connection */
  receive(data) {
    this.#sockets.at(-1).message(data);
  }

  /**
   * The snapshot is the server's state from here on; then the message comes in. What the page shows when it has
   * caught up (or has had ample time to) is returned.
   *
   * @param {string} message @param {string} snapshot
   */
  async next(message, snapshot) {
    this.#snapshot = snapshot;
    this.receive(message);
    const { seq } = JSON.parse(snapshot);
    for (let turn = 0; turn < 200 && this.shown().seq !== seq; turn += 1) await new Promise((go) => setTimeout(go, 5));
    return this.shown();
  }

  shown() {
    const { dataset } = document.getElementById('timer');
    return {
      epoch: dataset.epoch,
      seq: Number(dataset.seq),
      phase: dataset.state,
      home: Number(dataset.home),
      text: document.body.innerText,
      events: [...document.querySelectorAll('li[data-seq]')].map((item) => Number(item.dataset.seq)),
      malformed: figures(this.runtime.state, 0).malformed_total,
    };
  }
}
