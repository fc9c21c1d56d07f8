// Many of the reference client in one process, each as a page would have it, but for the page.
//
//     node --experimental-eventsource many_clients.js CLIENT URL COUNT SCALE
//
// CLIENT is the folder of its modules. Says `round N` on a line of its own whenever all of them have been live N times
// at least; ends when standard input does.

const [client, url, count, scale] = process.argv.slice(2);
/** @param {string} file below the client's folder */
const part = (file) => import(new URL(file, client).href);
const { BROWSER } = await part('core/browser.js');
const { options } = await part('core/options.js');
const { Runtime } = await part('core/runtime.js');
const { initial } = await part('core/state.js');
const { timer } = await part('timer.js');

/** A judge of chance must not be wrong by chance: with these draws no moment is far from the mean. */
const SEED = 7000;

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
  const settings = { options: options(Number(scale)), supported: ['websocket', 'eventsource'], shown: timer.initial };
  const state = initial({ ...settings, client: `client-${number}` });
  const world = {
    ...BROWSER,
    random: draws(SEED + number),
    setTimeout: (callback, ms) => Number(setTimeout(callback, ms)),
  };
  const runtime = new Runtime(state, { app: timer, world, base: url, on: { change: tell, say() {} } });
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
