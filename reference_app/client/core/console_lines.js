/**
 * All that is said about the connection: the line for the console, word for word what people search for, and the same
 * in plain words for the page. `{name}` is the transport's name, `{to}` that of the one it changes to.
 */

import { NAMES } from './ladder.js';

/** @import { Rung } from './ladder.js' */

/** @typedef {{level: 'debug' | 'info' | 'warn' | 'error', console: string, words: string}} Line */

const LINES = /** @satisfies {Record<string, Line>} */ ({
  starting: { level: 'info', console: '🔄 Démarrage {name} timer', words: 'Connecting over {name}' },
  falling_back: {
    level: 'info',
    console: '🔄 Démarrage {name} timer (fallback)',
    words: 'Connecting over {name} instead',
  },
  connected: { level: 'info', console: '✅ {name} timer connecté', words: 'Connected over {name}' },
  received: { level: 'debug', console: '📥 Message {name} reçu', words: '' },
  failed: { level: 'error', console: '❌ Erreur {name} timer', words: '{name} failed' },
  malformed: { level: 'error', console: '❌ Erreur {name} timer', words: '{name} delivered something unreadable' },
  retrying: { level: 'info', console: '🔄 Tentative de reconnexion {name}', words: 'Trying {name} again' },
  spent: {
    level: 'warn',
    console: '❌ Échec de reconnexion {name}, passage au mode {to}',
    words: '{name} does not get through; changing to {to}',
  },
  climbed: { level: 'info', console: '⬆️ Retour au mode {name}', words: 'Back on {name}' },
  unreachable: {
    level: 'warn',
    console: '⚠️ Réseau injoignable, {name} conservé',
    words: 'The network is gone; staying with {name}',
  },
  paused: { level: 'warn', console: '⏸️ Pause demandée par le serveur', words: 'The server asked to wait' },
  resyncing: {
    level: 'info',
    console: '🧩 Resynchronisation {name} timer',
    words: 'Something is missing; catching up',
  },
  stopped: { level: 'error', console: '⛔ Connexion timer arrêtée', words: 'Stopped for good' },
});

/** @typedef {keyof typeof LINES} LineName */

/**
 * @param {LineName} name
 * @param {Rung} rung
 * @param {Rung} [to]
 * @returns {Line}
 */
export function line(name, rung, to = rung) {
  const { level, console, words } = LINES[name];
  /** @param {string} text */
  const filled = (text) => text.replace('{name}', NAMES[rung]).replace('{to}', NAMES[to]);
  return { level, console: filled(console), words: filled(words) };
}
