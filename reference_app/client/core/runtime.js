/**
 * The thin shell around the client: performs its effects, and feeds it what comes of them, one input at a time.
 *
 * @import { App, Effect, Input, Said, State, TimerName } from './state.js'
 * @import { End, On, Pipe, Transport } from './transports/transport.js'
 * @import { Rung } from './ladder.js'
 *
 * @typedef {object} World all that is not pure, so that a test can put its own in place
 * @property {() => number} now ms of a clock that never goes back
 * @property {() => number} unixNow
 * @property {() => number} random
 * @property {(callback: () => void, ms: number) => unknown} setTimeout
 * @property {(handle: any) => void} clearTimeout what `setTimeout` gave
 * @property {Readonly<Record<Rung, Pick<Transport, 'open'>>>} transports
 * @property {(url: string, command: {id: string, body: string}, on: On) => Pipe} post
 */

import { step } from './client.js';
import { retryAfter } from './retry_after.js';

const TRACE_LIMIT = 5_000;
const ASKING_TO_WAIT = [429, 503, 4429]; // HTTP status or close code

/** @template [Shown=any] */
export class Runtime {
  /** @type {Input[]} */
  #inputs = [];
  #busy = false;
  /** @type {Map<number, Pipe>} */
  #pipes = new Map();
  /** @type {Map<TimerName, unknown>} */
  #timers = new Map();
  #app;
  #world;
  #base;
  #on;

  /**
   * @param {State<Shown>} state
   * @param {object} settings
   * @param {App<Shown>} settings.app
   * @param {World} settings.world
   * @param {string} settings.base what the paths of the ways in are relative to
   * @param {{change: () => void, say: (said: Said) => void}} settings.on told after every step, and what to say
   */
  constructor(state, { app, world, base, on }) {
    this.state = state;
    this.#app = app;
    /** @type {Record<string, unknown>[]} what happened lately, for tests */
    this.trace = [];
    this.#world = world;
    this.#base = base;
    this.#on = on;
  }

  /** @param {Input} input */
  feed(input) {
    this.#inputs.push(input);
    if (this.#busy) return; // the effects of one step are done before the next
    this.#busy = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) this.#step(next);
    } finally {
      this.#busy = false;
    }
  }

  /** Frees everything; what comes in later is ignored. */
  dispose() {
    this.feed({ type: 'stop' });
    for (const pipe of this.#pipes.values()) pipe.close();
    for (const handle of this.#timers.values()) this.#world.clearTimeout(handle);
    this.#pipes.clear();
    this.#timers.clear();
  }

  /** What is open and set, for tests of tidiness. */
  get held() {
    return { pipes: this.#pipes.size, timers: this.#timers.size };
  }

  /** @param {Input} input */
  #step(input) {
    const { now, random } = this.#world;
    const { state, effects } = step(this.state, input, { app: this.#app, now: now(), random });
    this.state = state;
    for (const effect of effects) this.#perform(effect);
    this.#on.change();
  }

  /** @param {Effect} effect */
  #perform(effect) {
    switch (effect.type) {
      case 'open':
        return this.#open(effect.generation, (on) => this.#world.transports[effect.rung].open(this.#url(effect), on));
      case 'post':
        return this.#open(effect.generation, (on) => this.#world.post(this.#url(effect), effect, on));
      case 'close':
        return this.#close(effect.generation);
      case 'send':
        return this.#pipes.get(effect.generation)?.send?.(effect.data);
      case 'timer':
        return this.#set(effect);
      case 'cancel':
        return this.#cancel(effect.name);
      case 'say':
        return this.#on.say(effect.said);
      case 'trace':
        this.trace.push(effect.entry);
        if (this.trace.length > TRACE_LIMIT) this.trace.shift();
    }
  }

  /** @param {{url: string}} effect */
  #url({ url }) {
    return new URL(url, this.#base).href;
  }

  /**
   * @param {number} generation
   * @param {(on: On) => Pipe} open
   */
  #open(generation, open) {
    try {
      const pipe = open({
        message: (data) => this.feed({ type: 'received', generation, data }),
        close: (end) => this.#ended(generation, end),
      });
      this.#pipes.set(generation, pipe);
    } catch (error) {
      // a browser may refuse to open at all (content policy, mixed content); that is a failure like any other
      this.#ended(generation, { reason: 'refused', text: String(error) });
    }
  }

  /**
   * @param {number} generation
   * @param {End} end
   */
  #ended(generation, { reason, code, status, text, retryAfter: header = text ?? null }) {
    this.#pipes.delete(generation);
    const asked = ASKING_TO_WAIT.includes(status ?? code ?? 0);
    const wait = asked ? retryAfter(header, this.#world.unixNow(), this.state.options.retryAfterCap) : 0;
    this.feed({
      type: 'closed', generation, reason, retryAfter: wait,
      ...(code === undefined ? {} : { code }), ...(status === undefined ? {} : { status }),
    });
  }

  /** @param {number} generation */
  #close(generation) {
    this.#pipes.get(generation)?.close();
    this.#pipes.delete(generation);
  }

  /** @param {{name: TimerName, token: number, ms: number}} timer */
  #set({ name, token, ms }) {
    this.#cancel(name);
    const fire = () => {
      this.#timers.delete(name);
      this.feed({ type: 'timer', name, token });
    };
    this.#timers.set(name, this.#world.setTimeout(fire, ms));
  }

  /** @param {TimerName} name */
  #cancel(name) {
    const handle = this.#timers.get(name);
    if (handle !== undefined) this.#world.clearTimeout(handle);
    this.#timers.delete(name);
  }
}
