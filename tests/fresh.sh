#!/bin/sh
# fresh.sh SUITE - both README commands on a bare Debian: debootstrap into a temporary folder, a clone of HEAD, `./dev run` in a
# terminal of its own, then `./dev test`. The mirror is this machine's own. The new root is entered by pivot_root in a mount
# namespace, so that it is a system like any other (a chroot may make no user namespaces) and its mounts go with it. Root only.
set -eu
suite=$1

if [ "${FRESH_ROOT:-}" = "" ]; then
	FRESH_ROOT=$(mktemp -d "/tmp/fresh-$suite.XXXXXX")
	export FRESH_ROOT
	chmod 755 "$FRESH_ROOT"
	trap 'rm -rf --one-file-system "$FRESH_ROOT"' EXIT
	trap 'exit 130' INT TERM
	mirror=$(apt-get indextargets --format '$(SITE)' | grep '/debian$' | head -n 1)
	echo "fresh: debootstrap $suite"
	debootstrap --variant=minbase "$suite" "$FRESH_ROOT" "$mirror" >"$FRESH_ROOT.log" 2>&1 || { tail -n 20 "$FRESH_ROOT.log"; exit 1; }
	rm -f "$FRESH_ROOT.log"
	cp /etc/resolv.conf "$FRESH_ROOT/etc/resolv.conf"
	# debootstrap writes none; every installed system has it.
	printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >"$FRESH_ROOT/etc/hosts"
	git clone -q . "$FRESH_ROOT/sounder"
	unshare --mount --propagation private sh "$0" "$suite"
	exit
fi

# In the mount namespace: what a running system has mounted.
root=$FRESH_ROOT
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero full random urandom tty; do
	touch "$root/dev/$node" && mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm" "$root/.old"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts" && ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
cd "$root"
pivot_root . .old
umount -l /.old

inside() { env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=xterm-256color LANG=C.UTF-8 ${CI:+CI=$CI} sh -c "cd /sounder && $1"; }

echo "fresh: ./dev run"
inside "./dev run --version"
inside "python3 tests/lib/first_frame.py ./dev run"
echo "fresh: ./dev test"
inside "./dev test"
echo "fresh: $suite passed"
