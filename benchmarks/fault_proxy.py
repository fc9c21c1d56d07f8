"""brownout's proxy with an empty plan and its history on, in a process of its own.

    python -m benchmarks.fault_proxy http://127.0.0.1:8000

For each line on its standard input it says how many messages are in the record, which it then reads for the first time.
"""

import sys
from urllib.parse import urlsplit

from benchmarks.children import tell
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import MessageSeen


def main(target: str) -> None:
    with FaultProxy(target) as proxy:
        port = urlsplit(proxy.url).port
        assert port
        tell(port)
        for _ in sys.stdin:
            tell(len(proxy.history.of(MessageSeen)))


if __name__ == "__main__":
    main(sys.argv[1])
