"""What the origin answered before, for the rules that look back."""

from collections import OrderedDict, deque

from proxy_addons.events import Answer, Request

KEPT = 8
"""How many answers are kept for each method and path..."""
PLACES = 100
"""...for how many methods and paths..."""
BODY_LIMIT = 65_536
"""...with bodies of how many bytes at most."""


class Answers:
    """The latest answers for each method and path; bounded, whatever the traffic."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], deque[Answer]] = OrderedDict()

    def add(self, request: Request, answer: Answer) -> None:
        """Keep an answer, unless it is too long; the place that was not seen for the longest time is forgotten."""
        if len(answer.body) > BODY_LIMIT:
            return
        place = (request.method, request.path)
        self._kept.setdefault(place, deque(maxlen=KEPT)).append(answer)
        self._kept.move_to_end(place)
        if len(self._kept) > PLACES:
            self._kept.popitem(last=False)

    def of(self, request: Request) -> tuple[Answer, ...]:
        """What was answered to this method and path, the latest last."""
        return tuple(self._kept.get((request.method, request.path), ()))
