"""A longer way through network namespaces: a near host, three routers, a far host."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.namespaces import Namespace, ip, namespace

NETS = ("91", "92", "93", "94")


@dataclass(frozen=True)
class Chain:
    """Each net joins two neighbours: 10.91.0.1 — 10.91.0.2 router 10.92.0.1 — 10.92.0.2 router … 10.94.0.2, and fd91::.

    ICMP errors are not rated.
    """

    near: Namespace
    routers: tuple[Namespace, Namespace, Namespace]
    far: Namespace

    def silence(self, router: Namespace) -> None:
        """Have a router pass packets on and say nothing itself."""
        for version in ("-4", "-6"):
            router.ip(version, "rule", "add", "pref", "1", "dev", "lo", "blackhole")


@contextmanager
def chain() -> Iterator[Chain]:
    """Five namespaces, joined in a row."""
    with ExitStack() as made:
        near, first, second, third, far = hosts = [made.enter_context(namespace(label)) for label in "abcde"]
        for host in hosts:
            host.sysctl(
                "net.ipv4.ip_forward=1",
                "net.ipv6.conf.all.forwarding=1",
                "net.ipv4.icmp_ratemask=0",
                "net.ipv6.icmp.ratemask=",
            )
        for left, right, net in zip(hosts, hosts[1:], NETS, strict=False):
            _join(left, right, net)
        for place, host in enumerate(hosts):
            _route(host, place)
        yield Chain(near, (first, second, third), far)


def _join(left: Namespace, right: Namespace, net: str) -> None:
    ends = ((left, f"up{net}", "1", "2"), (right, f"down{net}", "2", "1"))
    ip("link", "add", f"up{net}", "netns", left.name, "type", "veth", "peer", "name", f"down{net}", "netns", right.name)
    for host, name, own, _ in ends:
        host.ip("link", "set", name, "address", f"02:00:00:00:{net}:0{own}", "up")
        host.ip("addr", "add", f"10.{net}.0.{own}/24", "dev", name)
        host.ip("addr", "add", f"fd{net}::{own}/64", "dev", name, "nodad")
    for host, name, _, other in ends:
        for address in (f"10.{net}.0.{other}", f"fd{net}::{other}"):
            mac = f"02:00:00:00:{net}:0{other}"
            host.ip("neigh", "replace", address, "lladdr", mac, "dev", name, "nud", "permanent")


def _route(host: Namespace, place: int) -> None:
    for at, net in enumerate(NETS):
        if at < place - 1:
            gateway = f"{NETS[place - 1]}", "1"
        elif at > place:
            gateway = f"{NETS[place]}", "2"
        else:
            continue
        host.ip("route", "add", f"10.{net}.0.0/24", "via", f"10.{gateway[0]}.0.{gateway[1]}")
        host.ip("route", "add", f"fd{net}::/64", "via", f"fd{gateway[0]}::{gateway[1]}")
