"""Networks in namespaces: routers that say no, interfaces that vanish, kernels that do not answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.namespaces import Namespace, ip, namespace


@dataclass(frozen=True)
class Lab:
    """A near host, a router, a far host.

    10.77.0.1 — 10.77.0.2 router 10.78.0.2 — 10.78.0.1, and the same with fd77:: and fd78::. The router knows that
    10.79.0.0/24 and fd79::/64 are unreachable, and prohibits 10.80.0.0/24; of these it says so five times, then once a
    second (net.ipv4.route.error_cost). It sends 10.81.0.0/24 to the far host, which sends it back.
    """

    near: Namespace
    router: Namespace
    far: Namespace


@contextmanager
def lab() -> Iterator[Lab]:
    """Three namespaces, joined."""
    with namespace("n") as near, namespace("r") as router, namespace("f") as far:
        _join(near, router, "77")
        _join(far, router, "78")
        for host, net in ((near, "77"), (far, "78")):
            host.ip("route", "add", "default", "via", f"10.{net}.0.2")
            host.ip("route", "add", "default", "via", f"fd{net}::2")
        for host in (router, far):
            # Errors are wanted for each packet, so routers must not save them up.
            host.sysctl(
                "net.ipv4.ip_forward=1",
                "net.ipv6.conf.all.forwarding=1",
                "net.ipv4.icmp_ratemask=0",
                "net.ipv6.icmp.ratemask=",
                "net.ipv4.conf.all.send_redirects=0",
            )
        router.sysctl("net.ipv4.neigh.to78.retrans_time_ms=20")
        for net in ("10.79.0.0/24", "fd79::/64"):
            router.ip("route", "add", "unreachable", net)
        router.ip("route", "add", "prohibit", "10.80.0.0/24")
        router.ip("route", "add", "10.81.0.0/24", "via", "10.78.0.1")
        yield Lab(near, router, far)


def _join(host: Namespace, router: Namespace, net: str) -> None:
    end_of_router = ("name", f"to{net}", "netns", router.name)
    ip("link", "add", "up0", "netns", host.name, "type", "veth", "peer", *end_of_router)
    for end, name, own, other in ((host, "up0", "1", "2"), (router, f"to{net}", "2", "1")):
        end.ip("link", "set", name, "address", f"02:00:00:00:{net}:0{own}", "up")
        end.ip("addr", "add", f"10.{net}.0.{own}/24", "dev", name)
        end.ip("addr", "add", f"fd{net}::{own}/64", "dev", name, "nodad")
        # The two know each other from the start: the first question of a young IPv6 interface is lost for a second.
        for address in (f"10.{net}.0.{other}", f"fd{net}::{other}"):
            end.ip(
                "neigh", "replace", address, "lladdr", f"02:00:00:00:{net}:0{other}", "dev", name, "nud", "permanent"
            )
