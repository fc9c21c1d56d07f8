/**
 * From the text on the wire to a message that can be relied on, or the reason why not. Nothing else in the client
 * looks at unchecked data. What a snapshot, an event and a heartbeat hold is the app's business, all else the core's.
 *
 * @import { Check, Fault } from './checks.js'
 *
 * @typedef {'binary' | 'size' | 'encoding' | 'parse' | 'version' | 'kind' | Fault} Reason
 *
 * @typedef {{v: 1, epoch: string, seq: number, server_ms: number}} Envelope
 * @typedef {Envelope & {kind: 'snapshot' | 'event' | 'tick'}} News with the app's own fields
 * @typedef {Envelope & {kind: 'pong', echo: unknown}} Pong
 * @typedef {{code: string, message: string}} Failure
 * @typedef {Envelope & {kind: 'result', id: string, ok: boolean, event_seq?: number, error?: Failure}} Result
 * @typedef {Envelope & Failure & {kind: 'error', id?: string}} ErrorMessage
 * @typedef {Envelope & {kind: 'goodbye', spread_ms: number}} Goodbye
 * @typedef {News | Pong | Result | ErrorMessage | Goodbye} Message
 *
 * @typedef {Record<News['kind'], Check> & Record<string, Check>} Bodies what the app's messages must hold
 * @typedef {{bodies: Bodies, maxLength: number}} Reader maxLength: in UTF-16 units
 * @typedef {{ok: true, message: Message} | {ok: false, reason: Reason}} Reading
 */

import { anything, holds, integer, isRecord, object, optional, string } from './checks.js';

const VERSION = 1;
const LATEST_DATE = 8.64e15; // ms, the last instant that a JavaScript date can hold
const REPLACEMENT = '\uFFFD'; // what a decoder leaves of bytes that are no UTF-8

const count = integer(0, Number.MAX_SAFE_INTEGER);
const ENVELOPE = object({ epoch: string(/^[0-9a-f]{1,64}$/), seq: count, server_ms: integer(0, LATEST_DATE) });
const failure = { code: string(), message: string() };

/** @type {Readonly<Record<string, Check>>} */
const KINDS = {
  event: object({ seq: integer(1, Number.MAX_SAFE_INTEGER) }),
  snapshot: anything,
  tick: anything,
  pong: anything,
  result: object({ id: string(), ok: holds((ok) => typeof ok === 'boolean'), error: optional(object(failure)) }),
  error: object({ ...failure, id: optional(string()) }),
  goodbye: object({ spread_ms: count }),
};

/**
 * One message as a stream delivers it.
 *
 * @param {unknown} data what the transport handed over
 * @param {Reader} reader
 * @returns {Reading}
 */
export function read(data, reader) {
  const parsed = parse(data, reader.maxLength);
  return parsed.ok ? check(parsed.value, reader.bodies) : parsed;
}

/**
 * All messages of a poll's body, `{"messages": [...]}`; a body that can't be read is one bad reading.
 *
 * @param {unknown} data
 * @param {Reader} reader
 * @returns {Reading[]}
 */
export function readPoll(data, { bodies, maxLength }) {
  const parsed = parse(data, maxLength);
  if (!parsed.ok) return [parsed];
  const messages = isRecord(parsed.value) ? parsed.value['messages'] : undefined;
  if (!Array.isArray(messages) || messages.length === 0) return [{ ok: false, reason: 'schema' }];
  return messages.map((message) => check(message, bodies));
}

/**
 * @param {unknown} data
 * @param {number} maxLength
 * @returns {{ok: true, value: unknown} | {ok: false, reason: Reason}}
 */
function parse(data, maxLength) {
  if (typeof data !== 'string') return { ok: false, reason: 'binary' };
  if (data.length > maxLength) return { ok: false, reason: 'size' };
  if (data.includes(REPLACEMENT)) return { ok: false, reason: 'encoding' };
  try {
    return { ok: true, value: JSON.parse(data) };
  } catch {
    return { ok: false, reason: 'parse' };
  }
}

/**
 * @param {unknown} value
 * @param {Bodies} bodies
 * @returns {Reading}
 */
export function check(value, bodies) {
  if (!isRecord(value)) return { ok: false, reason: 'schema' };
  const { v, kind } = value;
  if (v !== VERSION) return { ok: false, reason: Number.isSafeInteger(v) ? 'version' : 'schema' };
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) return { ok: false, reason: 'kind' };
  const fault = ENVELOPE(value) ?? KINDS[kind]?.(value) ?? bodies[kind]?.(value) ?? null;
  return fault === null ? { ok: true, message: /** @type {any} */ (value) } : { ok: false, reason: fault };
}
