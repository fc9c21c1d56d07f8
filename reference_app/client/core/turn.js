/**
 * One step in the making: a private copy of the state, and the effects asked for so far. The parts of the client write
 * to this and to nothing else; values inside the state are replaced, never changed.
 *
 * @import { Rung } from './ladder.js'
 * @import { Counter, Tallies } from './metrics.js'
 * @import { App, Effect, LineName, Link, Purpose, Request, State, TimerName } from './state.js'
 */

import { since } from './cursor.js';
import { increased, tallied } from './metrics.js';

export class Turn {
  /**
   * @param {State} state left as it is
   * @param {{app: App, now: number, random: () => number}} env `now` in ms of a clock that never goes back
   */
  constructor(state, { app, now, random }) {
    /** @type {State} */
    this.state = { ...state };
    this.app = app;
    this.now = now;
    this.random = random;
    /** @type {Effect[]} */
    this.effects = [];
  }

  /**
   * Opens a connection and gives it the next generation.
   *
   * @param {Rung} rung
   * @param {Purpose} purpose
   * @param {{whole?: boolean}} [wanted] whole: a snapshot even if the missed events would do
   * @returns {Link}
   */
  open(rung, purpose, { whole = false } = {}) {
    const generation = this.#nextGeneration();
    const position = whole ? null : since(this.state.cursor);
    const url = this.#url(this.app.paths[rung], generation, purpose, position);
    this.effects.push({ type: 'open', generation, rung, url });
    this.trace('attempt', { attempt: generation, rung, purpose });
    if (rung === 'eventsource') this.count('sse_attempts');
    const { now } = this;
    return { generation, rung, askedAt: now, heardAt: now, liveSince: null, malformedAt: [], spread: 0, ping: null };
  }

  /**
   * Sends a command by a request of its own.
   *
   * @param {string} id
   * @param {string} body
   * @returns {number} generation of the request
   */
  post(id, body) {
    const generation = this.#nextGeneration();
    const url = this.#url(this.app.paths.commands, generation, 'live', null);
    this.effects.push({ type: 'post', generation, url, id, body });
    return generation;
  }

  #nextGeneration() {
    this.state.serial += 1;
    return this.state.serial;
  }

  /** @param {Pick<Request, 'generation'> | null} connection null: nothing to close */
  close(connection) {
    if (connection !== null) this.effects.push({ type: 'close', generation: connection.generation });
  }

  /**
   * @param {Link} link
   * @param {unknown} message
   */
  send(link, message) {
    this.effects.push({ type: 'send', generation: link.generation, data: JSON.stringify(message) });
  }

  /**
   * Sets a timer; one of the same name is replaced. A timer that fires after its replacement has an old token.
   *
   * @param {TimerName} name
   * @param {number} ms
   */
  after(name, ms) {
    const token = this.state.tokens + 1;
    this.state.tokens = token;
    this.state.timers = { ...this.state.timers, [name]: { token, due: this.now + ms } };
    this.effects.push({ type: 'timer', name, token, ms });
  }

  /** @param {TimerName[]} names */
  cancel(...names) {
    const set = names.filter((name) => this.state.timers[name] !== undefined);
    const left = Object.entries(this.state.timers).filter(([name]) => !set.includes(/** @type {TimerName} */ (name)));
    this.state.timers = Object.fromEntries(left);
    this.effects.push(...set.map((name) => /** @type {const} */ ({ type: 'cancel', name })));
  }

  /**
   * @param {Counter} name
   * @param {number} [by]
   */
  count(name, by) {
    this.state.metrics = increased(this.state.metrics, name, by);
  }

  /**
   * @param {Tallies} name
   * @param {string} label
   * @param {number} [by]
   */
  tally(name, label, by) {
    this.state.metrics = tallied(this.state.metrics, name, label, by);
  }

  /**
   * @param {string} what
   * @param {Record<string, unknown>} [details]
   */
  trace(what, details = {}) {
    this.effects.push({ type: 'trace', entry: { at: this.now, what, ...details } });
  }

  /**
   * @param {LineName} line
   * @param {Record<string, unknown>} [details]
   * @param {{rung?: Rung, to?: Rung}} [rungs]
   */
  say(line, details = {}, { rung = this.state.rung, to = rung } = {}) {
    this.effects.push({ type: 'say', said: { line, rung, to, details } });
  }

  /**
   * @param {string} path
   * @param {number} attempt
   * @param {Purpose} purpose
   * @param {string | null} position
   */
  #url(path, attempt, purpose, position) {
    const query = new URLSearchParams({ client: this.state.client, attempt: String(attempt), for: purpose });
    if (position !== null) query.set('since', position);
    return `${path}?${query}`;
  }
}
