#!/bin/sh
# layers.sh - who may include whom. A table: folder (or file), project headers it may include, system libraries it may include.
# Every file may include libc and include/sounder/{status,clock,sanitize}.h; "own" headers are those of its own folder.
# Also holds: curses text calls only in ui/draw.c, no panel's name in ui.c, no printf-family call with a non-literal format.
set -eu
cd "$(dirname "$0")/.."
fail=0
complain() { echo "layers: $*"; fail=1; }

# libraries: name, header pattern, files that may include it
while read -r name pattern allowed; do
	for file in $(grep -lE "^#[ \t]*include[ \t]*<$pattern" $(git ls-files 'src/*.[ch]' 'ui/*.[ch]' 'include/*.h') 2>/dev/null); do
		echo "$file" | grep -qE "^($allowed)" || complain "$file includes $name, which belongs in $allowed"
	done
done <<'TABLE'
c-ares ares src/dns/
libidn2 idn2 src/dns/
libcurl curl/ src/http/
libmnl libmnl/ src/host/
jansson jansson src/report/
libcap sys/capability src/privilege.c
sqlite sqlite3 src/store/
curses (curses|ncurses|ncursesw/|panel|term)\.?h? ui/
libuv uv\.h src/(net/icmp_socket|net/hop_|net/dial|host/|dns/|http/|probe/|job/|session/|serve/|store/|app|shell|main)|ui/(term_output|tty|ui)
TABLE

# project headers: files, what they may include (an extended regular expression)
while read -r files allowed; do
	git ls-files 'src/*.[ch]' 'ui/*.[ch]' 'include/*.h' | grep -E "^$files" |
		xargs -r grep -HE '^#[[:blank:]]*include[[:blank:]]*"' | sed -E 's/^([^:]*):[^"]*"([^"]*)".*/\1 \2/' |
		ALLOWED="^($allowed)" awk '$2 !~ "^sounder/(status|clock|sanitize)\\.h$" && $2 !~ ENVIRON["ALLOWED"] { print "layers: " $1 " may not include " $2 }'
done >"${TMPDIR:-/tmp}/layers.$$" <<'TABLE'
include/sounder/ sounder/
src/base/ base/|sounder/(sheet|out|outcome|file|user_path)\.h|[a-z_]+_tables\.h
src/net/ base/|net/|sounder/(addr|attempt|addr_embedded|recognise|outcome|privilege|registry|host)\.h
src/registry/ base/|net/|registry/|sounder/(addr|file|outcome|registry|service|sheet|user_path)\.h|[a-z_]+_tables\.h
src/host/ base/|net/|registry/|host/|sounder/(addr|host|links|listeners|privilege|registry)\.h
src/privilege\.c net/|sounder/(privilege|sheet)\.h
src/dns/ base/|net/|dns/|sounder/(addr|attempt|bulk|file|names|outcome|probe_options|sheet|views)\.h
src/http/ base/|net/|http/|sounder/(addr|attempt|outcome|sheet)\.h
src/probe/ base/|net/|path/|dns/|http/|probe/|probes\.def|tables\.h|sounder/(target_set|addr|attempt|outcome|path|probe|probe_options|engine|links|names|privilege|sheet|out|service|host|registry)\.h
src/path/ base/|net/(hop|icmp|prefix_set|space|wide)\.h|path/|sounder/(addr|file)\.h
src/serve/ base/|net/|serve/|services\.def|tables\.h|sounder/(addr|service|privilege|sheet|out|outcome)\.h
src/report/ base/|report/|sounder/(addr|path|attempt|probe|engine|model|names|sheet|out|service|settings|privilege|host|registry)\.h
src/model/ base/|model/|sounder/(probe|addr|outage_sum|model|groups|uptime|flaps|engine|past|service)\.h
src/job/ job/|model/state\.h|report/report\.h|sounder/
src/session/ session/|model/model\.h|sounder/
src/cmd/ app\.h|cmd/|commands\.def|tables\.h|registry/|base/arena\.h|net/(prefix_set|space|scan)\.h|sounder/
src/main\.c sounder/|ui\.h
ui/ sounder/|[a-z_]+\.(h|def|inc)$
TABLE
if [ -s "${TMPDIR:-/tmp}/layers.$$" ]; then sort -u "${TMPDIR:-/tmp}/layers.$$"; fail=1; fi
rm -f "${TMPDIR:-/tmp}/layers.$$"

# Fault row A16: panels draw through ui/draw alone, so nothing gets past the sanitiser.
test_A16_curses_text_calls_in_one_file() {
	calls='\b(mv)?w?(addstr|addnstr|addch|add_wch|addwstr|add_wchstr|add_wchnstr|printw|insstr|ins_wstr|echochar|hline_set|vline_set)[[:space:]]*\('
	hits=$(grep -nE "$calls|\bvw_printw\b|\bmvw[a-z_]*(addstr|addch|addnstr|addnwstr|addwstr|printw|add_wch)[[:space:]]*\(" \
		$(git ls-files 'ui/*.c' | grep -v '^ui/draw\.c$') 2>/dev/null || true)
	[ -z "$hits" ] || complain "curses text calls outside ui/draw.c:
$hits"
}
test_A16_curses_text_calls_in_one_file
if [ "$fail" = 0 ]; then echo "test_A16_curses_text_calls_in_one_file: ok"; else echo "test_A16_curses_text_calls_in_one_file: FAILED"; fi

# The frame knows no panel by name.
if [ -f ui/panels.def ]; then
	for panel in $(sed -nE 's/^PANEL\(([a-z_]+)\).*/\1/p' ui/panels.def); do
		hits=$(grep -nE "\"$panel\"|panel_$panel" ui/ui.c ui/layout.c ui/front.c 2>/dev/null || true)
		[ -z "$hits" ] || complain "the frame names a panel: $hits"
	done
fi

# Formats are literals (fault row A12); the compiler's -Wformat=2 sees the rest.
hits=$(grep -nE '\b(printf|fprintf|snprintf|dprintf|syslog)\((stderr, |stdout, )?[a-z_>.-]+\)' $(git ls-files 'src/*.c' 'ui/*.c') 2>/dev/null || true)
[ -z "$hits" ] || complain "a format that is no literal: $hits"

[ $fail = 0 ] && echo "layers: all hold"
exit $fail
