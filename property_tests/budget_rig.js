// A client whose every attempt fails: which rungs it tries.
import { step } from '../reference_app/client/core/client.js';
import { options } from '../reference_app/client/core/options.js';
import { initial } from '../reference_app/client/core/state.js';
import { timer } from '../reference_app/client/timer.js';

const LASTED = 200; // ms, of each attempt
const SNAPSHOT = JSON.stringify({
  v: 1, epoch: 'e0', seq: 0, kind: 'snapshot', server_ms: 0, events: [], oldest_seq: 0,
  timer: { phase: 'idle', duration_ms: 1, remaining_ms: 1 }, game: { round: 1, score: { home: 0, away: 0 } },
});

/**
 * @param {import('../reference_app/client/core/ladder.js').Rung[]} supported
 * @param {boolean[]} network of each attempt: whether a look at the network after it finds that it is there
 * @returns {string[]} the rungs of the attempts
 */
export function rungs(supported, network) {
  let state = initial({ options: options(), client: 'rig', supported, shown: timer.initial });
  let now = 0;
  /** @type {import('../reference_app/client/core/state.js').Effect[]} */
  let effects = [];
  /** @param {import('../reference_app/client/core/state.js').Input} input */
  const feed = (input) => {
    const next = step(state, input, { app: timer, now, random: () => 0.5 });
    state = next.state;
    effects.push(...next.effects);
  };
  const opened = () => {
    const found = effects.filter((effect) => effect.type === 'open');
    effects = [];
    return found.at(-1);
  };
  feed({ type: 'start' });
  return network.map((there) => {
    const attempt = opened();
    now += LASTED;
    feed({ type: 'closed', generation: attempt.generation, reason: 'lost' });
    const { check } = state;
    if (check !== null && there) feed({ type: 'received', generation: check.generation, data: `{"messages":[${SNAPSHOT}]}` });
    if (check !== null) feed({ type: 'closed', generation: check.generation, reason: there ? 'done' : 'lost' });
    const retry = state.timers.retry;
    if (retry !== undefined) {
      now = retry.due;
      feed({ type: 'timer', name: 'retry', token: retry.token });
    }
    return attempt.rung;
  });
}
