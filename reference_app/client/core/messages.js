/**
 * From the text on the wire to a message that can be relied on, or the reason why not. Nothing else in the client
 * looks at unchecked data. Fields that are not known here are let through and ignored.
 *
 * @typedef {'binary' | 'size' | 'encoding' | 'parse' | 'version' | 'kind' | 'schema' | 'range'} Reason
 *
 * @typedef {'idle' | 'running' | 'paused' | 'expired'} Phase
 * @typedef {{phase: Phase, duration_ms: number, remaining_ms?: number, deadline_ms?: number}} Timer
 * @typedef {{round: number, score: {home: number, away: number}}} Game
 * @typedef {{round?: number, score?: {home?: number, away?: number}}} GameChange
 * @typedef {{seq: number, name: string, at_ms: number, timer?: Timer, game?: GameChange, text?: string}} EventBody
 *
 * @typedef {{v: 1, epoch: string, seq: number, server_ms: number}} Envelope
 * @typedef {Envelope & {kind: 'snapshot', timer: Timer, game: Game, events: EventBody[], oldest_seq: number}} Snapshot
 * @typedef {Envelope & EventBody & {kind: 'event'}} EventMessage
 * @typedef {Envelope & {kind: 'tick', timer: Timer}} Tick
 * @typedef {Envelope & {kind: 'pong', echo: unknown}} Pong
 * @typedef {{code: string, message: string}} Failure
 * @typedef {Envelope & {kind: 'result', id: string, ok: boolean, event_seq?: number, error?: Failure}} Result
 * @typedef {Envelope & Failure & {kind: 'error', id?: string}} ErrorMessage
 * @typedef {Envelope & {kind: 'goodbye', spread_ms: number}} Goodbye
 * @typedef {Snapshot | EventMessage | Tick | Pong | Result | ErrorMessage | Goodbye} Message
 *
 * @typedef {{ok: true, message: Message} | {ok: false, reason: Reason}} Reading
 * @typedef {(value: unknown) => 'schema' | 'range' | null} Check null: nothing wrong
 */

const VERSION = 1;
const LATEST_DATE = 8.64e15; // ms, the last instant that a JavaScript date can hold
const LONGEST_TIMER = 100 * 3_600_000; // ms
const LARGEST_COUNT = 1e9;
const LONGEST_TEXT = 10_000; // UTF-16 units
const REPLACEMENT = '\uFFFD'; // what a decoder leaves of bytes that are no UTF-8

/** @type {(min: number, max: number) => Check} */
const integer = (min, max) => (value) => {
  if (typeof value !== 'number') return 'schema';
  return Number.isSafeInteger(value) && value >= min && value <= max ? null : 'range';
};

/** @type {(pattern: RegExp) => Check} */
const string = (pattern) => (value) => {
  if (typeof value !== 'string') return 'schema';
  return value.length <= LONGEST_TEXT && pattern.test(value) ? null : 'range';
};

/** @type {(...values: string[]) => Check} */
const oneOf = (...values) => (value) => (typeof value === 'string' && values.includes(value) ? null : 'schema');

/** @type {(check: Check) => Check} absent, but never null */
const optional = (check) => (value) => (value === undefined ? null : check(value));

/** @type {(fields: Record<string, Check>) => Check} */
const object = (fields) => (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'schema';
  const record = /** @type {Record<string, unknown>} */ (value);
  return firstFault(Object.entries(fields).map(([name, check]) => () => check(record[name])));
};

/** @type {(check: Check) => Check} */
const list = (check) => (value) =>
  Array.isArray(value) ? firstFault(value.map((item) => () => check(item))) : 'schema';

/** @type {(...checks: Check[]) => Check} */
const all = (...checks) => (value) => firstFault(checks.map((check) => () => check(value)));

/** @type {(rule: (value: any) => boolean) => Check} any: runs after a check of the shape */
const holds = (rule) => (value) => (rule(value) ? null : 'range');

/** @param {(() => 'schema' | 'range' | null)[]} attempts */
function firstFault(attempts) {
  for (const attempt of attempts) {
    const fault = attempt();
    if (fault !== null) return fault;
  }
  return null;
}

const anything = () => null;
const text = string(/^/);
const count = integer(0, Number.MAX_SAFE_INTEGER);
const instant = integer(0, LATEST_DATE);
const duration = integer(0, LONGEST_TIMER);
const points = integer(-LARGEST_COUNT, LARGEST_COUNT);

const timer = all(
  object({
    phase: oneOf('idle', 'running', 'paused', 'expired'),
    duration_ms: duration,
    remaining_ms: optional(duration),
    deadline_ms: optional(instant),
  }),
  // a running timer is a deadline, any other a rest
  holds((timer) => (timer.phase === 'running' ? 'deadline_ms' in timer : timer.remaining_ms <= timer.duration_ms)),
);
const game = object({ round: count, score: object({ home: points, away: points }) });
const gameChange = object({
  round: optional(count),
  score: optional(object({ home: optional(points), away: optional(points) })),
});

/** @type {Readonly<Record<string, (body: EventBody) => unknown>>} what an event of that name can't do without */
const CHANGES = {
  started: (body) => body.timer,
  paused: (body) => body.timer,
  resumed: (body) => body.timer,
  adjusted: (body) => body.timer,
  reset: (body) => body.timer,
  expired: (body) => body.timer,
  round_started: (body) => body.game?.round,
  scored: (body) => body.game?.score?.home ?? body.game?.score?.away,
  noted: (body) => body.text,
};
const event = all(
  object({
    seq: integer(1, Number.MAX_SAFE_INTEGER),
    name: oneOf(...Object.keys(CHANGES)),
    at_ms: instant,
    timer: optional(timer),
    game: optional(gameChange),
    text: optional(text),
  }),
  holds((body) => CHANGES[body.name]?.(body) !== undefined),
);
const failure = { code: text, message: text };

/** @type {Check} the list has no holes and ends where the snapshot says */
const consecutive = holds(({ seq, events }) =>
  events.every((/** @type {EventBody} */ body, /** @type {number} */ i) => body.seq === seq - events.length + 1 + i),
);

const ENVELOPE = object({ epoch: string(/^[0-9a-f]{1,64}$/), seq: count, server_ms: instant });

/** @type {Readonly<Record<Message['kind'], Check>>} */
const KINDS = {
  snapshot: all(object({ timer, game, events: list(event), oldest_seq: count }), consecutive),
  event,
  tick: object({ timer }),
  pong: object({ echo: anything }),
  result: object({ id: text, ok: holds((ok) => typeof ok === 'boolean'), error: optional(object(failure)) }),
  error: object({ ...failure, id: optional(text) }),
  goodbye: object({ spread_ms: duration }),
};

/**
 * One message as a stream delivers it.
 *
 * @param {unknown} data what the transport handed over
 * @param {number} maxLength longest text taken, UTF-16 units
 * @returns {Reading}
 */
export function read(data, maxLength) {
  const parsed = parse(data, maxLength);
  return parsed.ok ? check(parsed.value) : parsed;
}

/**
 * All messages of a poll's body, `{"messages": [...]}`; a body that can't be read is one bad reading.
 *
 * @param {unknown} data
 * @param {number} maxLength
 * @returns {Reading[]}
 */
export function readPoll(data, maxLength) {
  const parsed = parse(data, maxLength);
  if (!parsed.ok) return [parsed];
  const messages = isRecord(parsed.value) ? parsed.value['messages'] : undefined;
  return Array.isArray(messages) && messages.length > 0 ? messages.map(check) : [{ ok: false, reason: 'schema' }];
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
 * @returns {Reading}
 */
export function check(value) {
  if (!isRecord(value)) return { ok: false, reason: 'schema' };
  const { v, kind } = value;
  if (v !== VERSION) return { ok: false, reason: Number.isSafeInteger(v) ? 'version' : 'schema' };
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) return { ok: false, reason: 'kind' };
  const fault = ENVELOPE(value) ?? KINDS[/** @type {Message['kind']} */ (kind)](value);
  return fault === null ? { ok: true, message: /** @type {any} */ (value) } : { ok: false, reason: fault };
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
