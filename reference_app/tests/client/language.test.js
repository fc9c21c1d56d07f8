import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { languageOf } from '../../client/language.js';

const [english, french] = [languageOf(['en-GB']), languageOf(['fr-FR'])];

/** @param {string} text */
const plain = (text) => text.replace(/[\u00A0\u202F]/g, '_');

describe('the language', () => {
  /** @type {[string[], string][]} */
  const grid = [
    [['fr-CA', 'en'], 'fr-CA'],
    [['de', 'fr', 'en'], 'fr'],
    [['en-US', 'fr'], 'en-US'],
    [['FR'], 'FR'],
    [['de', 'frr'], 'en-GB'],
    [['constructor'], 'en-GB'],
    [[], 'en-GB'],
  ];
  for (const [preferred, tag] of grid) {
    test(`is ${tag} for a reader of ${preferred.join(', ') || 'nothing known'}`, () => {
      assert.equal(languageOf(preferred).tag, tag);
    });
  }
});

test('fills in what is asked for, numbers as they are written there', () => {
  assert.equal(english.say('event_home_scored', { points: 1234 }), 'Home scored: 1,234');
  assert.equal(plain(french.say('event_home_scored', { points: 1234 })), 'Point pour l’équipe à domicile : 1_234');
});

test('tells one from many by the rules of the language', () => {
  assert.deepEqual([0, 1, 2].map((n) => english.say('log_missed', { n })), [
    '0 events missed', '1 event missed', '2 events missed',
  ]);
  assert.deepEqual([0, 1, 2].map((n) => french.say('log_missed', { n })), [
    '0 événement manqué', '1 événement manqué', '2 événements manqués',
  ]);
});

test('writes shares and milliseconds', () => {
  assert.deepEqual([english.percent(0.75), english.milliseconds(12.4)].map(plain), ['75%', '12_ms']);
  assert.deepEqual([french.percent(0.75), french.milliseconds(1200)].map(plain), ['75_%', '1_200_ms']);
});

describe('a length of time', () => {
  /** @type {[number, string, string][]} */
  const grid = [
    [20, '20_ms', '20_ms'],
    [1234, '1.2_s', '1,2_s'],
    [9940, '9.9_s', '9,9_s'],
    [9960, '10_s', '10_s'],
    [59_600, '1_min', '1_min'],
    [125_000, '2_min 5_s', '2_min 5_s'],
  ];
  for (const [ms, inEnglish, inFrench] of grid) {
    test(`of ${ms} ms is ${inEnglish}`, () => {
      assert.deepEqual([english.duration(ms), french.duration(ms)].map(plain), [inEnglish, inFrench]);
    });
  }
});

test('writes the time of day to the second', () => {
  const noon = new Date(2026, 0, 1, 12, 0, 5).getTime();

  assert.equal(english.timeOfDay(noon), '12:00:05');
  assert.match(languageOf(['en-US']).timeOfDay(noon), /^12:00:05.PM$/);
});
