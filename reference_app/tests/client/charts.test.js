import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bars, line } from '../../client/charts.js';

const box = { width: 40, height: 10, slots: 4 };

test('a line ends at the right edge, the top value at the upper one', () => {
  assert.equal(line([0, 5, 10], 10, box), 'M20,10L30,5L40,0');
});

test('a line has a hole where nothing was measured', () => {
  assert.equal(line([0, 0, null, 10, 10], 10, box), 'M0,10L10,10M30,0L40,0');
});

test('a value alone is a dot', () => {
  assert.equal(line([5], 10, box), 'M40,5h0');
  assert.equal(line([5, null, 5], 10, box), 'M20,5h0M40,5h0');
});

test('nothing is drawn outside', () => {
  assert.equal(line([-5, 50], 10, box), 'M30,10L40,0');
});

test('a bar stands where there is something to count', () => {
  assert.equal(bars([2, 0, null, 1], 2, box), 'M0,10V0h8V10zM30,10V5h8V10z');
});

test('nothing is nothing', () => {
  assert.deepEqual([line([], 1, box), bars([], 1, box)], ['', '']);
});
