"""What is kept of a body that comes by, for the record."""


class Body:
    """What has come by: its length, and as much of it as there is room for."""

    def __init__(self, limit: int) -> None:
        self.size = 0
        self._limit = limit
        self._pieces: list[bytes] = []
        self._kept = 0

    def add(self, data: bytes) -> None:
        """Takes the next bytes."""
        self.size += len(data)
        if self._kept < self._limit:
            self._pieces.append(data[: self._limit - self._kept])
            self._kept += len(self._pieces[-1])

    @property
    def kept(self) -> bytes:
        """The beginning, up to the limit."""
        return b"".join(self._pieces)
