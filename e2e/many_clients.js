// Many of the reference client in one process, each as a page would have it, but for the page.
//
//     node --experimental-eventsource many_clients.js CLIENT URL COUNT SCALE
//
// CLIENT is the folder of its modules. Says `round N` on a line of its own whenever all of them have been live N times
// at least; ends when standard input does.

const [client, url, count, scale] = process.argv.slice(2);
/** @param {string} file below the client's folder */
const part = (file) => import(new URL(file, client).href);
const { options } = await part('options.js');
const { Runtime } = await part('runtime.js');
const { initial } = await part('state.js');
const { TRANSPORTS } = await part('transports/transport.js');
const { post } = await part('transports/polling.js');

/** A judge of chance must not be wrong by chance: with these draws no moment is far from the mean. */
const SEED = 7000;

/**
 * What the client finds in a page, with draws of its own, the same in each run.
 *
 * @param {number} number
 */
function world(number) {
  return {
    now: () => performance.timeOrigin + performance.now(),
    unixNow: Date.now,
    random: draws(SEED + number),
    setTimeout: (callback, ms) => Number(setTimeout(callback, ms)),
    clearTimeout: (handle) => clearTimeout(handle),
    console: { debug() {}, info() {}, warn() {}, error() {} },
    transports: TRANSPORTS,
    post,
  };
}

/**
 * Mulberry32: a small generator of numbers in [0, 1) that a seed determines.
 *
 * @param {number} seed
 */
function draws(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {number} number */
function start(number) {
  const supported = ['websocket', 'eventsource'];
  const state = initial({ options: options(Number(scale)), client: `client-${number}`, supported });
  const runtime = new Runtime(state, { world: world(number), base: url, on: { change: tell, line() {} } });
  runtime.feed({ type: 'start' });
  return runtime;
}

let rounds = 0;
/** @type {{state: {metrics: {live_count: number}}}[]} */
const all = [];

function tell() {
  if (all.length < Number(count)) return;
  const done = Math.min(...all.map((runtime) => runtime.state.metrics.live_count));
  if (done > rounds) console.log(`round ${(rounds = done)}`);
}

for (let number = 0; number < Number(count); number += 1) all.push(start(number));
process.stdin.on('end', () => process.exit()).resume();
