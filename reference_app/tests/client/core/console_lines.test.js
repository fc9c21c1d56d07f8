import assert from 'node:assert/strict';
import { test } from 'node:test';

import { line } from '../../../client/core/console_lines.js';

/** @type {[Parameters<typeof line>, string, string][]} */
const GRID = [
  [['falling_back', 'eventsource'], 'info', '🔄 Démarrage EventSource timer (fallback)'],
  [['connected', 'eventsource'], 'info', '✅ EventSource timer connecté'],
  [['received', 'eventsource'], 'debug', '📥 Message EventSource reçu'],
  [['failed', 'eventsource'], 'error', '❌ Erreur EventSource timer'],
  [['malformed', 'eventsource'], 'error', '❌ Erreur EventSource timer'],
  [['retrying', 'eventsource'], 'info', '🔄 Tentative de reconnexion EventSource'],
  [['spent', 'websocket', 'eventsource'], 'warn', '❌ Échec de reconnexion WebSocket, passage au mode EventSource'],
  [['spent', 'eventsource', 'polling'], 'warn', '❌ Échec de reconnexion EventSource, passage au mode HTTP polling'],
  [['climbed', 'websocket'], 'info', '⬆️ Retour au mode WebSocket'],
  [['climbed', 'eventsource'], 'info', '⬆️ Retour au mode EventSource'],
  [['connected', 'polling'], 'info', '✅ HTTP polling timer connecté'],
];

for (const [args, level, text] of GRID) {
  test(`${args.join(' ')} is said word for word`, () => {
    const said = line(...args);

    assert.deepEqual([said.level, said.console], [level, text]);
  });
}

test('the same is said to the reader in plain words', () => {
  const { words } = line('spent', 'websocket', 'eventsource');

  assert.equal(words, 'WebSocket does not get through; changing to EventSource');
});

test('single messages are not worth a word to the reader', () => {
  assert.equal(line('received', 'websocket').words, '');
});
