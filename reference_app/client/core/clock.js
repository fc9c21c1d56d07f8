/**
 * The server's clock, as far as it can be known from here.
 *
 * A question with its answer (ping and pong, a poll, a stream and its first snapshot) encloses the offset between the
 * clocks; the shortest round trip encloses it best. A message that was only pushed bounds it from below: it can't have
 * been sent later than it came. Hence a burst of held-up messages moves nothing, and an answer that names no later time
 * than the one before it is an old one (a cache's). What contradicts all this is believed when it is said twice in a row,
 * and the second time goes on from the first: then a clock was set, or this one stood still; once, it was a damaged
 * message.
 *
 * @typedef {{offset: number, rtt: number}} Sample ms; offset = server's Unix time - local time
 * @typedef {{offset: number, serverMs: number}} Claim
 * @typedef {object} Clock
 * @property {readonly Sample[]} samples the last few round trips
 * @property {number} bound the offset is not below this
 * @property {number} latest server's time in the latest answer, Unix ms
 * @property {Claim | null} claim what contradicts the estimate, said once
 * @property {number} from the displayed offset at `changedAt`
 * @property {number} target the best estimate
 * @property {number} changedAt local ms
 */

const SAMPLES_KEPT = 8;
const JUMP = 250; // ms; smaller corrections are slewed
const AGREEMENT = 500; // ms between two claims that count as the same
const SLEW_RATE = 0.1; // ms of correction per ms: the display keeps running down meanwhile

/** @type {Clock} */
export const UNKNOWN = {
  samples: [], bound: -Infinity, latest: -Infinity, claim: null, from: 0, target: 0, changedAt: -Infinity,
};

/**
 * @param {Clock} clock
 * @param {{sentAt: number, receivedAt: number, serverMs: number}} times of one round trip
 * @returns {Clock}
 */
export function withRoundTrip(clock, { sentAt, receivedAt, serverMs }) {
  const sample = { offset: serverMs - (sentAt + receivedAt) / 2, rtt: receivedAt - sentAt };
  const known = { samples: [sample], bound: serverMs - receivedAt, latest: serverMs };
  const bound = Math.max(clock.bound, known.bound);
  if (clock.samples.length === 0) return aimed({ ...clock, ...known, bound, claim: null }, receivedAt);
  const error = (sample.rtt + best(clock.samples).rtt) / 2;
  if (serverMs <= clock.latest || Math.abs(sample.offset - clock.target) > error + JUMP) {
    return claimed(clock, { offset: sample.offset, serverMs }, known, receivedAt);
  }
  const samples = [...clock.samples, sample].slice(-SAMPLES_KEPT);
  return aimed({ ...clock, samples, bound, latest: serverMs, claim: null }, receivedAt);
}

/**
 * @param {Clock} clock
 * @param {{receivedAt: number, serverMs: number}} times of one pushed message
 * @returns {Clock}
 */
export function withPushed(clock, { receivedAt, serverMs }) {
  const lower = serverMs - receivedAt;
  if (lower <= clock.bound) return clock.claim === null ? clock : { ...clock, claim: null };
  if (clock.bound > -Infinity && lower > clock.target + JUMP) {
    return claimed(clock, { offset: lower, serverMs }, { samples: [], bound: lower }, receivedAt);
  }
  return aimed({ ...clock, bound: lower, claim: null }, receivedAt);
}

/**
 * @param {Clock} clock
 * @param {Claim} claim
 * @param {Partial<Pick<Clock, 'samples' | 'bound' | 'latest'>>} known all that is known if that is true
 * @param {number} now
 * @returns {Clock}
 */
function claimed(clock, claim, known, now) {
  const { claim: before } = clock;
  const again =
    before !== null && claim.serverMs > before.serverMs && Math.abs(claim.offset - before.offset) <= AGREEMENT;
  return again ? aimed({ ...clock, ...known, claim: null }, now) : { ...clock, claim };
}

/**
 * @param {Clock} clock
 * @param {number} now
 * @returns {Clock}
 */
function aimed(clock, now) {
  const estimate = clock.samples.length > 0 ? best(clock.samples).offset : -Infinity;
  const target = Math.max(estimate, clock.bound);
  const first = clock.changedAt === -Infinity;
  return { ...clock, from: first ? target : displayedOffset(clock, now), target, changedAt: now };
}

/** @param {readonly Sample[]} samples not empty */
function best(samples) {
  return samples.reduce((least, sample) => (sample.rtt <= least.rtt ? sample : least));
}

/**
 * The offset to display by: on its way to the best estimate if that is near, there at once if it is far.
 *
 * @param {Clock} clock
 * @param {number} now local ms
 */
export function displayedOffset({ from, target, changedAt }, now) {
  const distance = target - from;
  if (Math.abs(distance) >= JUMP) return target;
  const travelled = Math.max(0, now - changedAt) * SLEW_RATE;
  return from + Math.sign(distance) * Math.min(Math.abs(distance), travelled);
}
