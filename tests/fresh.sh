#!/bin/sh
# fresh.sh SUITE - both README commands on a bare Debian: debootstrap into a temporary folder, a clone of HEAD, `./dev run` in a
# terminal of its own, then `./dev test`. The mirror and the apt settings are this machine's own. Root only.
set -eu
suite=$1
mirror=$(apt-get indextargets --format '$(SITE)' | grep '/debian$' | head -n 1)
root=$(mktemp -d /tmp/fresh-"$suite".XXXXXX)

clean() {
	for place in dev/pts dev/shm sys proc dev; do umount -l "$root/$place" 2>/dev/null || true; done
	rm -rf --one-file-system "$root"
}
trap clean EXIT
trap 'exit 130' INT TERM

echo "fresh: debootstrap $suite"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 || { tail -n 20 "$root.log"; exit 1; }
rm -f "$root.log"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/apt/apt.conf.d/*registry* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys" && mount --make-rslave "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero full random urandom tty; do
	touch "$root/dev/$node" && mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts" && ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
git clone -q . "$root/sounder"

inside() { chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=xterm-256color LANG=C.UTF-8 ${CI:+CI=$CI} sh -c "cd /sounder && $1"; }

echo "fresh: ./dev run"
inside "./dev run --version"
apt_python() { inside "python3 tests/lib/first_frame.py ./dev run"; }
apt_python
echo "fresh: ./dev test"
inside "./dev test"
echo "fresh: $suite passed"
