/**
 * The one position in the server's log, shared by all transports, and what a message means at that position.
 *
 * An epoch names a log and is only ever compared for equality; `seq` counts within it.
 *
 * @typedef {object} Cursor
 * @property {string | null} epoch null until the first snapshot
 * @property {number} seq of the last event applied
 * @property {string | null} left the epoch before this one; late messages of it are not to bring it back
 *
 * @typedef {'apply' | 'new-epoch' | 'confirm' | 'duplicate' | 'gap' | 'stale'} Verdict
 * @typedef {{kind: string, epoch: string, seq: number}} Positioned
 */

/** @type {Cursor} */
export const NOWHERE = { epoch: null, seq: 0, left: null };

/**
 * @param {Cursor} cursor
 * @param {Positioned} message a snapshot, an event or a tick
 * @returns {Verdict}
 */
export function judge(cursor, message) {
  if (message.epoch !== cursor.epoch) return judgeForeign(cursor, message);
  const ahead = message.seq - cursor.seq;
  if (message.kind === 'snapshot') return ahead >= 0 ? 'apply' : 'stale';
  if (message.kind === 'tick') return ahead === 0 ? 'confirm' : ahead > 0 ? 'gap' : 'stale';
  return ahead === 1 ? 'apply' : ahead > 1 ? 'gap' : 'duplicate';
}

/**
 * Only a snapshot can open another epoch: an event or a tick of it shows that one is needed.
 *
 * @param {Cursor} cursor
 * @param {Positioned} message
 * @returns {Verdict}
 */
function judgeForeign(cursor, message) {
  if (message.epoch === cursor.left) return 'stale';
  if (message.kind !== 'snapshot') return 'gap';
  return cursor.epoch === null ? 'apply' : 'new-epoch';
}

/**
 * The cursor after a message that was applied.
 *
 * @param {Cursor} cursor
 * @param {Positioned} message
 * @returns {Cursor}
 */
export function advance(cursor, { epoch, seq }) {
  return { epoch, seq, left: epoch === cursor.epoch ? cursor.left : cursor.epoch };
}

/**
 * The cursor for a connection opened anew: whatever log that one serves is the log to show.
 *
 * @param {Cursor} cursor
 * @returns {Cursor}
 */
export function reopened(cursor) {
  return { ...cursor, left: null };
}

/**
 * The position as the server takes it in `since`, or null for "everything".
 *
 * @param {Cursor} cursor
 */
export function since({ epoch, seq }) {
  return epoch === null ? null : `${epoch}.${seq}`;
}
