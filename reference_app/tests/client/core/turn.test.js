import assert from 'node:assert/strict';
import { test } from 'node:test';

import { options } from '../../../client/core/options.js';
import { initial } from '../../../client/core/state.js';
import { Turn } from '../../../client/core/turn.js';
import { timer } from '../../../client/timer.js';

const STATE = {
  ...initial({ options: options(), client: 'c', supported: [], shown: timer.initial }),
  cursor: { epoch: 'a', seq: 7, left: null },
};
const begun = () => new Turn(STATE, { app: timer, now: 1000, random: () => 0 });

test('gives every connection the next generation', () => {
  const turn = begun();

  const first = turn.open('websocket', 'live').generation;
  const second = turn.post('x', '{}');
  const third = turn.open('polling', 'check').generation;

  assert.deepEqual([first, second, third], [1, 2, 3]);
});

test('counts attempts by connections, not by timers', () => {
  const turn = begun();
  turn.after('retry', 10);

  assert.equal(turn.open('polling', 'live').generation, 1);
});

test('asks for everything when the missed events would not do', () => {
  const turn = begun();
  turn.open('polling', 'resync', { whole: true });
  turn.open('polling', 'resync');

  const urls = turn.effects.flatMap((effect) => (effect.type === 'open' ? [effect.url] : []));
  assert.deepEqual(urls, [
    'timer?client=c&attempt=1&for=resync',
    'timer?client=c&attempt=2&for=resync&since=a.7',
  ]);
});

test('remembers when a timer is due', () => {
  const turn = begun();
  turn.after('retry', 250);

  assert.deepEqual(turn.state.timers['retry'], { token: 1, due: 1250 });
});

test('gives a timer that is set again another token', () => {
  const turn = begun();
  turn.after('retry', 250);
  turn.after('retry', 250);

  assert.equal(turn.state.timers['retry']?.token, 2);
});

test('cancels what is set and nothing else', () => {
  const turn = begun();
  turn.after('retry', 250);
  turn.effects = [];

  turn.cancel('retry', 'poll');

  assert.deepEqual(turn.effects, [{ type: 'cancel', name: 'retry' }]);
  assert.deepEqual(turn.state.timers, {});
});

test('leaves the given state alone', () => {
  const turn = begun();
  turn.after('retry', 250);
  turn.open('polling', 'live');

  assert.deepEqual([STATE.timers, STATE.serial], [{}, 0]);
});
