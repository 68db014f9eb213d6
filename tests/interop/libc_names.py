#!/usr/bin/env python3
"""libc_names.py - `host` and `resolve` beside `getent ahosts`: the same addresses in the same order, whatever resolv.conf, nsswitch.conf, gai.conf
and the hosts file contain."""
import json
import sys

import resolving
from harness import main, need
from resolving import OWN4, OWN6, fails, zone

MANY = {
    "www.test": [("A", "198.51.100.80"), ("AAAA", "2001:db8:99::80")],
    "v4.test": [("A", "198.51.100.4")],
    "v6.test": [("AAAA", "2001:db8:99::6")],
    "alias.test": [("CNAME", "www.test")],
    "near.test": [("A", "198.51.100.9"), ("A", "10.77.0.200"), ("A", "10.77.0.3"), ("A", "10.200.0.1")],
    "near6.test": [("AAAA", "2001:db8:1::1"), ("AAAA", "2001:db8:77::99"), ("AAAA", "2001:db8:77:1::1")],
    "ula.test": [("A", "198.51.100.1"), ("AAAA", "fd12::1")],
    "teredo.test": [("A", "198.51.100.1"), ("AAAA", "2001::1"), ("AAAA", "2001:db8:5::1")],
    "six.test": [("A", "198.51.100.1"), ("AAAA", "2002:c633:6401::1"), ("AAAA", "2001:db8:5::1")],
    "scopes.test": [("A", "169.254.3.3"), ("A", "198.51.100.1"), ("A", "127.0.0.9"), ("AAAA", "2001:db8:5::1"), ("AAAA", "fec0::1")],
    "loop.test": [("A", "127.0.0.1"), ("AAAA", "::1")],
    "mapped.test": [("A", "10.1.1.1"), ("A", "172.16.0.1"), ("A", "192.168.0.1")],
    "many.test": [("A", f"10.3.{i // 8}.{i}") for i in range(24)] + [("AAAA", f"2001:db8:{i:x}::{i}") for i in range(1, 20)],
    "short.corp.test": [("A", "10.5.0.1")],
    "short.eu.test": [("A", "10.5.0.2")],
    "a.b.corp.test": [("A", "10.5.0.3")],
    "single": [("A", "10.5.0.9")],
    "dup.test": [("A", "10.6.0.1")],
    "only.corp.test": [("TXT", "no address")],
    "only.eu.test": [("A", "10.5.0.4")],
}
GOOD, DEAD, OTHER, FOURTH = "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"
NS = f"nameserver {GOOD}\n"

# Each: what it is about, the files, and the names to ask for.
CASES = [
    ("plain", dict(resolv=NS), ["www.test", "v4.test", "v6.test", "alias.test", "none.test"]),
    ("networks of our own", dict(resolv=NS), ["near.test", "near6.test", "mapped.test"]),
    ("libc's own tables", dict(resolv=NS), ["ula.test", "teredo.test", "six.test", "scopes.test", "loop.test", "many.test"]),
    ("gai: IPv4 first", dict(resolv=NS, gai="precedence ::ffff:0:0/96 100\n"), ["www.test", "ula.test", "scopes.test", "many.test"]),
    ("gai: a precedence alone", dict(resolv=NS, gai="precedence 2001:db8:77::/48 5\n"), ["near6.test", "www.test", "teredo.test"]),
    ("gai: RFC 6724's table", dict(resolv=NS, gai="".join(f"label {p} {v}\n" for p, v in (
        ("::1/128", 0), ("::/0", 1), ("2002::/16", 2), ("::/96", 3), ("::ffff:0:0/96", 4), ("fec0::/10", 11), ("fc00::/7", 13), ("2001::/32", 5)))
        + "".join(f"precedence {p} {v}\n" for p, v in (("::1/128", 50), ("::/0", 40), ("2002::/16", 30), ("::/96", 1),
                                                     ("::ffff:0:0/96", 35), ("fc00::/7", 3), ("2001::/32", 5)))),
     ["ula.test", "teredo.test", "six.test", "scopes.test"]),
    ("gai: labels", dict(resolv=NS, gai="label 2001:db8:77::/48 7\nlabel 2001:db8:5::/48 7\nlabel ::ffff:0:0/96 4\n"),
     ["teredo.test", "six.test", "near6.test", "www.test"]),
    ("gai: scopev4", dict(resolv=NS, gai="scopev4 ::ffff:169.254.0.0/112 2\nscopev4 198.51.100.0/24 5\nscopev4 ::ffff:0.0.0.0/96 14\n"),
     ["scopes.test", "near.test"]),
    ("gai: scopev4 of two lengths", dict(resolv=NS, gai="scopev4 10.0.0.0/8 5\nscopev4 10.77.0.0/16 2\n"), ["near.test", "mapped.test"]),
    ("gai: bad lines", dict(resolv=NS, gai="label ::/0\nprecedence ::ffff:0:0/x 9\nprecedence 10.0.0.0/8 1\nlabel ::1/129 2\nfoo\n"),
     ["www.test", "ula.test"]),
    *((f"gai: {line!r}", dict(resolv=NS, gai=line + "\n"), ["ula.test"]) for line in (
        "label ::/0", "label ::/0 0", "label ::/0 # 7", "label fc00::/ 1", "label fc00::/7 1", "label fc00::/7 +1", "label fc00::/7 -1",
        "label fc00::/7 1x", "precedence ::/0", "precedence ::/0 5")),
    ("nsswitch: files alone", dict(resolv=NS, nsswitch="hosts: files\n", hosts="10.1.0.1 here\n"), ["here", "v4.test"]),
    ("nsswitch: dns alone", dict(resolv=NS, nsswitch="hosts: dns\n", hosts="10.1.0.1 v4.test\n10.1.0.2 here\n"), ["here", "v4.test"]),
    ("nsswitch: dns before files", dict(resolv=NS, nsswitch="hosts: dns files\n", hosts="10.1.0.1 v4.test\n10.1.0.2 here\n"),
     ["here", "v4.test"]),
    ("nsswitch: no line", dict(resolv=NS, nsswitch="passwd: files\n", hosts="10.1.0.1 v4.test\n10.1.0.2 here\n"), ["here", "v4.test"]),
    ("nsswitch: an empty file", dict(resolv=NS, nsswitch="", hosts="10.1.0.1 v4.test\n10.1.0.2 here\n"), ["here", "v4.test"]),
    ("nsswitch: NOTFOUND ends it", dict(resolv=NS, nsswitch="hosts: files [NOTFOUND=return] dns\n", hosts="10.1.0.2 here\n"),
     ["here", "v4.test"]),
    ("nsswitch: !UNAVAIL ends it", dict(resolv=NS, nsswitch="hosts: dns [!UNAVAIL=return] files\n", hosts="10.1.0.2 here\n"),
     ["here", "v4.test"]),
    ("nsswitch: a dead server is UNAVAIL", dict(resolv="nameserver 127.0.0.9\n", nsswitch="hosts: dns [!UNAVAIL=return] files\n",
                                             hosts="10.1.0.2 here\n"), ["here"]),
    ("nsswitch: UNAVAIL ends it", dict(resolv="nameserver 127.0.0.9\n", nsswitch="hosts: dns [UNAVAIL=return] files\n",
                                    hosts="10.1.0.2 here\n"), ["here"]),
    ("nsswitch: a server that fails", dict(resolv=f"nameserver {DEAD}\n", nsswitch="hosts: dns [UNAVAIL=return] files\n",
                                        hosts="10.1.0.2 here\n"), ["here"]),
    ("nsswitch: a server that fails, TRYAGAIN", dict(resolv=f"nameserver {DEAD}\n", nsswitch="hosts: dns [TRYAGAIN=return] files\n",
                                                  hosts="10.1.0.2 here\n"), ["here"]),
    ("nsswitch: success goes on", dict(resolv=NS, nsswitch="hosts: files [SUCCESS=continue] dns\n", hosts="10.1.0.1 v4.test\n10.1.0.2 here\n"),
     ["v4.test", "v6.test", "here"]),
    ("nsswitch: modules that are not there", dict(resolv=NS, nsswitch="hosts: nosuch [NOTFOUND=return] files absent [!UNAVAIL=return] dns\n",
                                               hosts="10.1.0.2 here\n"), ["here", "v4.test"]),
    ("nsswitch: blanks and comments", dict(resolv=NS, nsswitch="# x\n  hosts:\tfiles\t[ NOTFOUND=continue ]  dns # y\n",
                                        hosts="10.1.0.2 here\n"), ["here", "v4.test"]),
    ("nsswitch: two lines", dict(resolv=NS, nsswitch="hosts: files\nhosts: dns\n", hosts="10.1.0.2 here\n"), ["here", "v4.test"]),
    ("hosts: both families, several lines", dict(resolv=NS, hosts="10.1.0.1 h\n2001:db8:4::1 h\n10.77.0.9 h x\nfd00::9 h\n"), ["h", "x", "H"]),
    ("hosts: comments, bad lines, blanks", dict(resolv=NS, hosts="\t10.1.0.1\th # g\n#10.1.0.2 h\nbogus h\n10.1.0.3\n10.1.0.4 h"), ["h", "g"]),
    ("hosts: a line twice", dict(resolv=NS, hosts="10.1.0.1 h\n10.1.0.1 h\n10.1.0.2 h\n"), ["h"]),
    ("hosts: what stands for IPv4", dict(resolv=NS, hosts="::1 six\n::ffff:10.0.0.5 mapped\nfe80::1%lo zoned\n10.0.0.1 dotted.\n127.0.0.1 four\n"),
     ["six", "mapped", "zoned", "dotted", "dotted.", "four", "four."]),
    ("resolv: sortlist", dict(resolv=NS + "sortlist 192.168.0.0/255.255.0.0 172.16.0.0&255.240.0.0;10.77.0.0/255.255.255.0\n"),
     ["mapped.test", "near.test", "www.test"]),
    ("resolv: sortlist by class", dict(resolv=NS + "sortlist 192.168.0.0 172.16.0.0 bogus\n"), ["mapped.test"]),
    ("resolv: search", dict(resolv=NS + "search corp.test eu.test\n"), ["short", "short.corp", "a.b", "only", "single", "short."]),
    ("resolv: ndots", dict(resolv=NS + "search corp.test\noptions ndots:2\n"), ["a.b", "www.test", "short"]),
    ("resolv: domain", dict(resolv=NS + "domain eu.test corp.test\n"), ["short", "only"]),
    ("resolv: the last search counts", dict(resolv=NS + "search corp.test\nsearch eu.test\n"), ["short"]),
    ("resolv: no-tld-query", dict(resolv=NS + "search corp.test\noptions no-tld-query\n"), ["single", "short"]),
    ("resolv: no-aaaa", dict(resolv=NS + "options no-aaaa\n"), ["www.test", "v6.test", "many.test"]),
    ("resolv: indented lines", dict(resolv=f" nameserver 127.0.0.9\n{NS}"), ["v4.test"]),
    ("resolv: an old spelling", dict(resolv="nameserver 127.1\n"), ["v4.test"]),
    ("resolv: a comment behind", dict(resolv=f"nameserver {GOOD} # x\n; y\n#nameserver 127.0.0.9\n"), ["v4.test"]),
    ("resolv: no server: this host's", dict(resolv="# nothing\n"), ["v4.test"]),
    ("resolv: a server that fails first", dict(resolv=f"nameserver {DEAD}\n{NS}"), ["www.test", "none.test", "many.test"]),
    ("resolv: three servers", dict(resolv=f"nameserver {DEAD}\nnameserver {DEAD}\n{NS}"), ["v4.test"]),
    ("resolv: no fourth server", dict(resolv=f"nameserver {DEAD}\nnameserver {DEAD}\nnameserver {DEAD}\n{NS}"), ["v4.test"]),
    ("resolv: rotate", dict(resolv=f"nameserver {DEAD}\n{NS}options rotate\n"), ["www.test", "v4.test"]),
    ("resolv: TCP alone", dict(resolv=f"nameserver {OTHER}\noptions use-vc\n"), ["v4.test"]),
    ("resolv: a server without EDNS", dict(resolv=f"nameserver {FOURTH}\n"), ["www.test"]),
    ("resolv: search past SERVFAIL", dict(resolv=NS + "search broken.test corp.test\n"), ["short"]),
    ("resolv: IPv6 server", dict(resolv="nameserver ::1\n"), ["www.test"]),
    ("resolv: a zone", dict(resolv="nameserver fe80::53%lo\n"), ["www.test"]),
]


def good(question):
    return question.answer(rcode=2) if question.name.endswith("broken.test") else zone(MANY)(question)


def tcp_alone(question):
    return zone(MANY)(question) if question.tcp else question.answer(rcode=5)


def without_edns(question):
    return question.answer(rcode=1) if question.edns else zone(MANY)(question)


def host(lab, *words):
    """The result of `host`: the addresses, and the error if any."""
    done = lab.sounder("host", "--json", *words)
    if done.returncode:
        return [], f"exit {done.returncode} {done.stderr.strip()}"
    return [row["address"] for row in json.loads(done.stdout)["addresses"]], done.stdout


def compare(lab, about, name):
    """Returns lines of what differs."""
    expected, wrong = lab.getent("ahosts", name), []
    got, output = host(lab, name)
    if got != expected:
        wrong.append(f"{about}: {name}: getent {expected}, host {got} {output[:200]}")
    done = lab.sounder("resolve", name)
    first = done.stdout.split()
    if first != expected[:1]:
        wrong.append(f"{about}: {name}: getent {expected[:1]}, resolve {first} {done.stderr.strip()}")
    four, (got, output) = lab.getent("ahostsv4", name), host(lab, "-4", name)
    if got != four:
        wrong.append(f"{about}: {name}: getent -4 {four}, host -4 {got} {output[:200]}")
    return wrong


def compare_all(chosen=None):
    lab = resolving.Host()
    resolving.subprocess.run("ip addr add fe80::53/64 dev lo nodad".split(), check=True)
    wrong, count = [], 0
    with lab.serving((GOOD, good), (DEAD, fails("servfail")), (OTHER, tcp_alone), (FOURTH, without_edns), ("::1", good), ("fe80::53%lo", good)):
        for about, files, names in CASES:
            if chosen and chosen not in about:
                continue
            lab.files(**files)
            for name in names:
                count += 1
                wrong += compare(lab, about, name)
    print("\n".join(wrong))
    print(f"{len(CASES)} cases, {count} names, {len(wrong)} differ")
    sys.exit(bool(wrong))


def test_KN14_the_order_of_getent():
    need("getent", "mount")
    print(" ", resolving.inside(__file__, "all").strip())


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        compare_all(None if sys.argv[2] == "all" else sys.argv[2])
    else:
        main(globals())
