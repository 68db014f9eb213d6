#!/bin/sh
# size.sh - limits without exceptions: functions at most 60 lines and 5 parameters, .c files at most 500 lines, headers 200.
# A function that returns c-ares's own type is one of its callbacks: how many parameters those have is not our choice.
# Reads the layout that clang-format gives: a function's braces stand in the first column.
set -eu
cd "$(dirname "$0")/.."
git ls-files 'src/*.[ch]' 'ui/*.[ch]' 'include/*.h' | xargs awk '
FNR == 1 { if (file) check_file(); file = FILENAME; depth = 0; head = ""; inside = 0; files++ }
{ lines[FILENAME] = FNR }
/^[a-z].*\(/ && !inside && !/^#/ && !/;[ \t]*$/ && !/^(static )?(const )?struct [a-z_]+ [a-z_0-9]*(\[.*\])? = \{/ { head = $0; from = FNR; next }
head != "" && !inside && /^\{/ { inside = 1; begin = FNR; signature = head; next }
head != "" && !inside { head = head " " $0; if (/;[ \t]*$/) head = "" }
inside && /^\}/ {
	inside = 0; functions++
	length_ = FNR - from + 1
	if (length_ > 60) { printf "size: %s:%d: a function of %d lines (60 at most)\n", FILENAME, from, length_; bad = 1 }
	if (params(signature) > 5 && signature !~ /^static ares_ssize_t /) { printf "size: %s:%d: a function of %d parameters (5 at most)\n", FILENAME, from, params(signature); bad = 1 }
	all[functions] = length_
	head = ""
}
function params(text,   start, i, c, level, n) {
	start = index(text, "("); level = 0; n = 1
	for (i = start; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(") level++
		else if (c == ")") { level--; if (level == 0) break }
		else if (c == "," && level == 1) n++
	}
	if (substr(text, start) ~ /\.\.\.\)/) n--
	return n
}
function check_file() {
	limit = file ~ /\.h$/ ? 200 : 500
	if (lines[file] > limit) { printf "size: %s: %d lines (%d at most)\n", file, lines[file], limit; bad = 1 }
}
END {
	check_file()
	n = asort_(all, functions)
	printf "size: %d files, %d functions, median %d lines%s\n", files, functions, all[int((n + 1) / 2)], bad ? "" : ", all within the limits"
	exit bad
}
function asort_(a, n,   i, count, k, v, t) {
	for (i = 1; i <= n; i++) count[a[i]]++
	k = 0
	for (v = 1; v <= 10000 && k < n; v++) for (t = 0; t < count[v]; t++) a[++k] = v
	return n
}'
