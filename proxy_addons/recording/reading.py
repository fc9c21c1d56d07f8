"""A way through a journal: its records, and its traffic decoded, in the order in which it all happened."""

import copy
from collections.abc import Iterable
from itertools import islice

from proxy_addons.recording.decoding import Decoder
from proxy_addons.recording.tape import Block, Chunk, Journal, Loss, unpack
from proxy_addons.records import Record, RecordsLost

_MOST_NAMES = 8


class Reading:
    """Goes through a journal from its start. Not thread-safe; but the journal may grow meanwhile."""

    def __init__(self, journal: Journal) -> None:
        """To be made before anything is written: what is kept is what comes after the block that it stands at."""
        self._journal = journal
        self._block: Block = journal.last
        self._entry = 0
        """How many entries of that block were read."""
        self._next_record = 0
        self._t = 0.0
        """When the last thing that was read happened."""
        self._decoders: dict[int, Decoder] = {}
        self._lost: set[int] = set()
        self._is_first = True

    def fork(self) -> "Reading":
        """Another one that goes on from the same place, while this one stays where it is."""
        other = copy.copy(self)
        other._decoders, other._lost = copy.deepcopy(self._decoders), set(self._lost)
        other._is_first = False
        return other

    def reached(self, extent: int) -> bool:
        """Whether so many entries of the journal have been read."""
        return self._block.start + self._entry >= extent

    def advance(self) -> list[Record]:
        """The next records: of one block of traffic at most. What can no longer be read is a `RecordsLost`."""
        with self._journal.lock:
            losses = self._pass_losses()
            block, entry = self._block, self._entry
            place, data = block.place, None if block.data is None else b"".join(block.data)
            newest = self._journal.entries_from(entry) if not losses and block.next is None else None
            if newest is not None:
                self._entry += len(newest)
                block.read = max(block.read, self._entry) if self._is_first else block.read
        if losses:
            return self._give_up(losses)
        if newest is not None:
            return self._decode(newest)
        assert block.next is not None, "it is full, or it would be the newest"
        self._block, self._entry = block.next, 0
        if data is None and place is not None:
            try:
                data = self._journal.spool.read(place, block.size)
            except OSError as error:
                return self._give_up([self._unread(block, entry, error)])
        assert data is not None, "a block is in memory, on disk or lost"
        return self._decode(unpack(data, block.entries, entry))

    def _pass_losses(self) -> list[Loss]:
        """Goes on to the next block that is not lost. To be called under the lock."""
        losses = list[Loss]()
        while self._block.loss is not None and self._block.next is not None:
            losses.append(self._block.loss)
            self._block, self._entry = self._block.next, 0
        return losses

    def _unread(self, block: Block, entry: int, error: OSError) -> Loss:
        """A block that the disk does not give back, without its first entries. It may have held any stream."""
        entries, records = block.entries - entry, block.records - self._next_record
        every = frozenset(range(len(self._journal.tapes)))
        size = block.size - 16 * block.entries
        return Loss(self._t, entries - records, size, every, records, f"not read back from disk ({error})")

    def _decode(self, entries: Iterable[Chunk | None]) -> list[Record]:
        fresh: list[Record] = []
        for chunk in entries:
            if chunk is None:
                fresh += self._records(1)
            elif chunk.tape not in self._lost:
                fresh += self._decoder(chunk.tape).feed(chunk.t, chunk.raw, chunk.delivered)
                self._t = chunk.t
        return fresh

    def _decoder(self, tape: int) -> Decoder:
        if tape not in self._decoders:
            self._decoders[tape] = self._journal.tapes[tape]()
        return self._decoders[tape]

    def _records(self, count: int) -> list[Record]:
        """The next records that were appended as such."""
        start, self._next_record = self._next_record, self._next_record + count
        return list(islice(self._journal.records, start, start + count))

    def _give_up(self, losses: list[Loss]) -> list[Record]:
        """The record of a gap, and the records in it that are there all the same.

        A stream that lost a part can't be read after it: where its next message starts is not known.
        """
        chunks, size = sum(loss.chunks for loss in losses), sum(loss.bytes for loss in losses)
        records = self._records(sum(loss.records for loss in losses))
        if not chunks:
            return records
        tapes = frozenset[int]().union(*(loss.tapes for loss in losses)) - self._lost
        names = [self._decoder(tape).name for tape in sorted(tapes)[:_MOST_NAMES]]
        if len(tapes) > len(names):
            names.append(f"{len(tapes) - len(names)} more")
        self._lost |= tapes
        for tape in tapes:
            self._decoders.pop(tape, None)
        first = next(loss for loss in losses if loss.chunks)
        why = first.why + (f"; not readable from here on: {', '.join(names)}" if names else "")
        return [RecordsLost(first.t, messages=chunks, bytes=size, why=why), *records]
