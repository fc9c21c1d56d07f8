import assert from 'node:assert/strict';
import { test } from 'node:test';

import { entryWords } from '../../client/entry_words.js';
import { languageOf } from '../../client/language.js';

/** @typedef {import('../../client/connection_log.js').Entry} Entry */

const BACK = /** @type {const} */ ({ ms: 1200, rung: 'websocket', missed: 0, anew: false });

/**
 * @param {Partial<Entry>} fields
 * @param {string} language
 */
function words(fields, language) {
  const entry = /** @type {Entry} */ ({ at: 0, since: 0, rung: 'websocket', to: 'websocket', count: 0, ...fields });
  return entryWords(entry, languageOf([language])).replaceAll('\u00A0', ' ');
}

/** @type {[Partial<Entry>, string, string][]} */
const GRID = [
  [{ what: 'start' }, 'Connecting over WebSocket', 'Connexion par WebSocket'],
  [
    { what: 'start', count: 2, back: { ...BACK, rung: 'eventsource', missed: null } },
    'Connected over EventSource after 1.2 s, 2 attempts in vain',
    'Connecté par EventSource après 1,2 s, 2 tentatives en vain',
  ],
  [{ what: 'start', count: 1, back: null }, 'Connecting over WebSocket, 1 attempt in vain',
    'Connexion par WebSocket, 1 tentative en vain'],
  [
    { what: 'lost', reason: 'lost', code: 1006, back: BACK },
    'WebSocket lost (1006), back after 1.2 s, nothing missed',
    'WebSocket perdu (1006), rétabli après 1,2 s, rien de manqué',
  ],
  [
    { what: 'lost', reason: 'status', status: 503, back: { ...BACK, missed: 3 } },
    'WebSocket lost (503), back after 1.2 s, 3 events missed',
    'WebSocket perdu (503), rétabli après 1,2 s, 3 événements manqués',
  ],
  [
    { what: 'lost', reason: 'silent', count: 3, back: { ...BACK, rung: 'polling' } },
    'WebSocket lost (silent too long), 3 attempts in vain, back over HTTP polling after 1.2 s, nothing missed',
    'WebSocket perdu (silencieux trop longtemps), 3 tentatives en vain, rétabli par HTTP polling après 1,2 s,'
      + ' rien de manqué',
  ],
  [
    { what: 'lost', reason: 'lost', back: { ...BACK, missed: null, anew: true } },
    'WebSocket lost, back after 1.2 s, the server has begun anew',
    'WebSocket perdu, rétabli après 1,2 s, le serveur est reparti de zéro',
  ],
  [{ what: 'lost', reason: 'lost', count: 1 }, 'WebSocket lost, trying again, 1 attempt in vain',
    'WebSocket perdu, nouvelle tentative, 1 tentative en vain'],
  [{ what: 'lost', reason: 'lost', back: null }, 'WebSocket lost', 'WebSocket perdu'],
  [
    { what: 'silent', back: BACK },
    'WebSocket had fallen silent and was replaced, back after 1.2 s, nothing missed',
    'WebSocket ne disait plus rien et a été remplacé, rétabli après 1,2 s, rien de manqué',
  ],
  [{ what: 'spent', to: 'eventsource' }, 'WebSocket does not get through, changing to EventSource',
    'WebSocket ne passe pas, changement pour EventSource'],
  [{ what: 'unreachable' }, 'The server cannot be reached, staying with WebSocket',
    'Serveur injoignable, WebSocket conservé'],
  [{ what: 'paused', ms: 30_000 }, 'The server asked to wait 30 s', 'Le serveur a demandé d’attendre 30 s'],
  [{ what: 'climbed' }, 'Back on WebSocket', 'Retour à WebSocket'],
  [{ what: 'malformed', count: 1 }, 'WebSocket delivered something unreadable',
    'WebSocket a livré un message illisible'],
  [{ what: 'malformed', count: 2 }, 'WebSocket delivered 2 things unreadable',
    'WebSocket a livré 2 messages illisibles'],
  [{ what: 'gap' }, 'Something was missing, catching up', 'Il manquait quelque chose, rattrapage en cours'],
  [{ what: 'gap', back: BACK }, 'Something was missing, caught up after 1.2 s',
    'Il manquait quelque chose, rattrapé après 1,2 s'],
  [{ what: 'gap', back: null }, 'Something was missing', 'Il manquait quelque chose'],
  [{ what: 'stopped' }, 'Stopped for good', 'Arrêt définitif'],
  [{ what: 'left' }, 'The page was left', 'La page a été quittée'],
];

for (const [entry, inEnglish, inFrench] of GRID) {
  test(`says "${inEnglish}"`, () => {
    assert.deepEqual([words(entry, 'en'), words(entry, 'fr')], [inEnglish, inFrench]);
  });
}
