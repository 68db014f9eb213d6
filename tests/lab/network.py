"""network.py - a network as data: reads `networks/NAME.toml` and says what each host has. Nothing here touches the system.

links     "r1 2 r2": link 2 is 10.77.2.0/30 and fd77:2::/64, the end named first (the client's side) has .1 and ::1, the other .2 and ::2; "mtu 1300"
          may follow. The device on r1 is called to-r2. Hosts are whoever a link names; one is the client, one the server.
families  [6]: only those; else both
hosts     of a host: own (addresses on none of its links), serve ("echo 7", "http 80"), forward (to whom it hands what is for the server: by itself the
          neighbours nearer to it, of several one by the hash of a flow), balance (any of those, packet by packet), nft (rules), sysctl, called (what it,
          a NAT, calls the client). With `router` it is a program: mpls (labels in its errors), quote (bytes after the IP header), tos and ttl (written
          into what goes to the server), answers = "exceeded" (to whatever is for itself), lies = "extensions" (after its quotes, each with another
          wrong length), narrow and mtus (of what is larger it says that it is too big, and for what, one of these numbers after another)
steps     what can happen: forward (of hosts), forge (so many errors by a router), truth (of hops: what then holds)
truth     what a program should find: hops, by TTL, with the addresses that may answer, the state, and what is special; and of the path as a whole"""
import dataclasses
import ipaddress
import pathlib
import tomllib

FOLDER = pathlib.Path(__file__).resolve().parent / "networks"
FAMILIES = (4, 6)
KEYS = {"about", "families", "links", "hosts", "steps", "truth"}
HOST_KEYS = {"own", "forward", "nft", "sysctl", "balance", "serve", "called", "router"}
ROUTER_KEYS = {"mpls", "quote", "tos", "ttl", "answers", "lies", "narrow", "mtus"}
STEP_KEYS = {"forward", "forge", "truth"}
FIRST_TABLE = 101  # of routes that packets are given one by one


class Bad(Exception):
    """A file that does not describe a network."""


@dataclasses.dataclass
class Link:
    near: str
    number: int
    far: str
    mtu: int = 1500

    def address(self, host, family):
        end = 1 if host == self.near else 2
        return f"10.77.{self.number}.{end}" if family == 4 else f"fd77:{self.number}::{end}"

    def prefix(self, family):
        return f"10.77.{self.number}.0/30" if family == 4 else f"fd77:{self.number}::/64"

    def peer(self, host):
        return self.far if host == self.near else self.near

    def length(self, family):
        return 30 if family == 4 else 64


def check_keys(where, given, known):
    unknown = set(given) - known
    if unknown:
        raise Bad(f"{where}: unknown: {' '.join(sorted(unknown))}")


def parse_link(text):
    """'r1 2 r2' or 'r1 2 r2 mtu 1300'."""
    words = text.split()
    if len(words) not in (3, 5) or (len(words) == 5 and words[3] != "mtu"):
        raise Bad(f"not a link: {text}")
    return Link(words[0], int(words[1]), words[2], int(words[4]) if len(words) == 5 else 1500)


class Network:
    def __init__(self, name, data):
        check_keys(name, data, KEYS)
        self.name, self.about, self.truth = name, data["about"], data["truth"]
        self.families = tuple(data.get("families", FAMILIES))
        self.links = [parse_link(text) for text in data["links"]]
        self.options = data.get("hosts", {})
        self.steps = data.get("steps", {})
        self.hosts = list(dict.fromkeys(host for link in self.links for host in (link.near, link.far)))
        self.check()
        self.far_from = {end: self.distances(end) for end in ("client", "server")}

    def check(self):
        for host, options in self.options.items():
            if host not in self.hosts:
                raise Bad(f"{self.name}: {host} has no link")
            check_keys(f"{self.name}: {host}", options, HOST_KEYS)
            check_keys(f"{self.name}: {host}: router", options.get("router", {}), ROUTER_KEYS)
        for step, what in self.steps.items():
            check_keys(f"{self.name}: {step}", what, STEP_KEYS)
        for link in self.links:
            if self.is_user(link.near) and self.is_user(link.far):
                raise Bad(f"{self.name}: of {link.near} and {link.far} one must be a host of the kernel's")

    def option(self, host, key, default=None):
        return self.options.get(host, {}).get(key, default)

    def is_user(self, host):
        """Whether a program forwards there, not the kernel."""
        return "router" in self.options.get(host, {})

    def kernel_hosts(self):
        return [host for host in self.hosts if not self.is_user(host)]

    def user_hosts(self):
        return [host for host in self.hosts if self.is_user(host)]

    def links_of(self, host):
        return [link for link in self.links if host in (link.near, link.far)]

    def link_between(self, one, other):
        return next(link for link in self.links if {one, other} == {link.near, link.far})

    def distances(self, end):
        far, todo = {end: 0}, [end]
        while todo:
            host = todo.pop(0)
            for link in self.links_of(host):
                if link.peer(host) not in far:
                    far[link.peer(host)] = far[host] + 1
                    todo.append(link.peer(host))
        return far

    def closer(self, host, end):
        """The neighbours that are a step closer to an end."""
        far = self.far_from[end]
        return [link.peer(host) for link in self.links_of(host) if far[link.peer(host)] < far[host]]

    def forward(self, host, forward=None):
        """To whom a host hands what is for the server; `forward` overrides what the data says."""
        hosts = forward or self.option(host, "forward") or self.closer(host, "server")
        return [self.link_between(host, other) for other in hosts]

    def back(self, host):
        """The one link by which a host answers."""
        return next(iter(self.link_between(host, other) for other in self.closer(host, "client")), None)

    def own(self, host):
        """Addresses of the host that are on none of its links."""
        return [address for address in self.option(host, "own", []) if family_of(address) in self.families]

    def back_prefixes(self, family):
        """What is on the client's side: its link, itself (older kernels answer a whole prefix more often than an address where they limit), and
        what a NAT calls it."""
        called = [options["called"][f"v{family}"] for options in self.options.values() if "called" in options]
        link = self.links_of("client")[0]
        return [link.prefix(family)] + [f"{address}/{prefix_length(address)}" for address in [link.address("client", family), *called]]

    def addresses(self, host):
        """All of a host's, as (address, name): the one nearest to the client has the host's name, the others that of their link, too."""
        pairs, back = [], self.back(host)
        for link in self.links_of(host):
            name = host if link is back or (host in ("client",)) else f"{host}-{link.number}"
            pairs += [(link.address(host, family), name) for family in self.families]
        own = self.own(host)
        if own:  # what the host is asked by
            pairs = [(address, f"{name}-link" if name == host else name) for address, name in pairs]
            pairs = [(address, host) for address in own] + pairs
        return pairs


def family_of(address):
    return ipaddress.ip_address(address).version


def prefix_length(address):
    return 32 if family_of(address) == 4 else 128


def load(name):
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        raise Bad(f"no network is called {name}; there are: {' '.join(names())}")
    with open(path, "rb") as file:
        return Network(name, tomllib.load(file))


def names():
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def everywhere(family):
    """All addresses: in a batch ip knows the family by this alone."""
    return "0.0.0.0/0" if family == 4 else "::/0"


def via(host, link, family):
    return f"via {link.address(link.peer(host), family)} dev to-{link.peer(host)}"


def default_route(host, links, family):
    """`links` is where the default leads: one, or several by the hash of a flow."""
    if len(links) == 1:
        return f"{everywhere(family)} {via(host, links[0], family)}"
    return f"{everywhere(family)} " + " ".join(f"nexthop {via(host, link, family)}" for link in links)


def route_lines(network, host, forward=None, verb="add"):
    """ip's lines for the routes of a host of the kernel's."""
    links = network.forward(host, forward)
    for family in network.families:
        if host == "server":
            known_as = next((f" src {address}" for address in network.own(host) if family_of(address) == family), "")
            yield f"route {verb} {everywhere(family)} {via(host, network.back(host), family)}{known_as}"
            continue
        yield f"route {verb} {default_route(host, links, family)}"
        if network.back(host) and network.back(host).near != "client":
            for prefix in network.back_prefixes(family):
                yield f"route {verb} {prefix} {via(host, network.back(host), family)}"


def balance_lines(network, host, family):
    """Rules and tables for a host that gives each packet another way, whatever its flow; a rule is of the family that ip is told."""
    for number, link in enumerate(network.forward(host)):
        yield f"rule add fwmark {number + 1} lookup {FIRST_TABLE + number}"
        yield f"route add default {via(host, link, family)} table {FIRST_TABLE + number}"


def balance_nft(network, host):
    ways = len(network.forward(host))
    return f"""table inet balance {{
        chain each {{
            type filter hook prerouting priority mangle
            iifname "to-{network.back(host).peer(host)}" meta mark set numgen random mod {ways} offset 1
        }}
    }}
    """


def nft_text(network, host):
    text = network.option(host, "nft", "")
    return text + balance_nft(network, host) if network.option(host, "balance") else text


def link_lines(network):
    """ip's lines for the links between two hosts of the kernel's. Where both ends have one index, the kernel takes up to a second to see the
    carrier, and IPv6 is silent meanwhile."""
    for link in network.links:
        if not (network.is_user(link.near) or network.is_user(link.far)):
            index = 1000 + 2 * link.number
            yield (f"link add to-{link.far} index {index} mtu {link.mtu} netns {link.near} type veth "
                   f"peer name to-{link.near} index {index + 1} mtu {link.mtu} netns {link.far}")


def address_lines(network, host):
    """ip's lines for what a host has on its links, and for those to come up."""
    yield "link set lo up"
    for address in network.own(host):
        yield f"addr add {address}/{prefix_length(address)} dev lo" + (" nodad" if family_of(address) == 6 else "")
    for link in network.links_of(host):
        device = f"to-{link.peer(host)}"
        for family in network.families:
            yield f"addr add {link.address(host, family)}/{link.length(family)} dev {device}" + (" nodad" if family == 6 else "")
        yield f"link set {device} mtu {link.mtu} up"


def hosts_lines(network):
    """The lines of a hosts file."""
    return [f"{address} {name}" for host in network.hosts for address, name in network.addresses(host)]
