/**
 * The timer as an app of the core: its ways in, its messages, its store.
 *
 * @import { App } from './core/state.js'
 * @import { Shown } from './store.js'
 */

import { BODIES } from './messages.js';
import { NOTHING, fold, sameTimer } from './store.js';

/** @type {App<Shown>} */
export const timer = {
  paths: { websocket: 'timer/ws', eventsource: 'timer/stream', polling: 'timer', commands: 'timer/commands' },
  bodies: BODIES,
  initial: NOTHING,
  fold,
  agrees: (shown, tick) => sameTimer(tick.timer, shown.timer),
};
