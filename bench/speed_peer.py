"""A throughput peer beside the bench: says its port and pid, ends when its input does."""

import json
import sys

from monitor.speed.peer import SpeedPeer
from monitor.speed.peer_limits import Limits


def main() -> None:
    """Serve."""
    peer = SpeedPeer(sys.argv[1].encode(), Limits(octets_per_hour=10**15, octets=10**13))
    peer.start("127.0.0.1", 0)
    print(json.dumps({"port": peer.port}), flush=True)
    sys.stdin.read()
    peer.close()


if __name__ == "__main__":
    main()
