/* hostile.h - what a remote peer could put into a name, a TXT record, a header, a banner: 250
 * strings, each dangerous cores in each of five surroundings. Every sink is tried with every one
 * (fault rows A1-A8). */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include <stddef.h>

struct hostile {
	const char *bytes; /* [length]; may hold NULs and invalid UTF-8 */
	size_t length;
};

#define HOSTILE_ONE(text) \
	{ \
		text, sizeof(text) - 1 \
	}
#define HOSTILE(core) \
	HOSTILE_ONE(core), HOSTILE_ONE("before " core), HOSTILE_ONE(core " after"), \
		HOSTILE_ONE("\xe4\xb8\xad" core "\xcc\x81|" core), \
		HOSTILE_ONE("\"name\\" core "%s%n'")

static const struct hostile hostile_strings[] = {
	/* ESC: CSI, OSC, DCS, APC, charsets, reports */
	HOSTILE("\033[2J"),
	HOSTILE("\033[31;1m"),
	HOSTILE("\033[6n"),
	HOSTILE("\033[c"),
	HOSTILE("\033]0;title\a"),
	HOSTILE("\033]52;c;cm0gLXJmIH4=\a"),
	HOSTILE("\033]8;;http://evil.example/\033\\link\033]8;;\033\\"),
	HOSTILE("\033]1337;File=inline=1:AAAA\a"),
	HOSTILE("\033P$q\"p\033\\"),
	HOSTILE("\033_Gf=100;AAAA\033\\"),
	HOSTILE("\033(0"),
	HOSTILE("\033c"),
	HOSTILE("\033[?1049h"),
	HOSTILE("\033[21t"),
	HOSTILE("\033#8"),
	/* other C0 and DEL */
	HOSTILE("\r\nSet-Cookie: x=1"),
	HOSTILE("\n"),
	HOSTILE("\b\b\bok"),
	HOSTILE("\a"),
	HOSTILE("\0hidden"),
	HOSTILE("\v\f\t"),
	HOSTILE("\016\017"),
	HOSTILE("\x7f\x7f"),
	/* C1: as bytes and as UTF-8 */
	HOSTILE("\x9b"
		"31m"),
	HOSTILE("\x9d"
		"0;title\x9c"),
	HOSTILE("\x90q\x9c"),
	HOSTILE("\xc2\x9b"
		"31m"),
	HOSTILE("\xc2\x9d"
		"52;c;AAAA\xc2\x9c"),
	HOSTILE("\xc2\x85"),
	/* bidi, line and paragraph separators, format, fillers, tags, variation selectors */
	HOSTILE("\xe2\x80\xae"
		"gnp.exe"),
	HOSTILE("\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad"),
	HOSTILE("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9"),
	HOSTILE("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f"),
	HOSTILE("\xe2\x80\xa8\xe2\x80\xa9"),
	HOSTILE("\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0"),
	HOSTILE("\xef\xbb\xbf"),
	HOSTILE("\xc2\xad\xe1\xa0\x8e"),
	HOSTILE("\xef\xbf\xb9\xef\xbf\xba\xef\xbf\xbb"),
	HOSTILE("\xf3\xa0\x81\x81\xf3\xa0\x80\x81"),
	HOSTILE("\xef\xb8\x8f\xf3\xa0\x84\x80"),
	HOSTILE("\xe1\x85\x9f\xe1\x85\xa0\xe3\x85\xa4\xef\xbe\xa0"),
	HOSTILE("\xee\x80\x80\xf4\x8f\xbf\xbd"),
	HOSTILE("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb"),
	/* combining marks without end */
	HOSTILE("e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88\xcc\x89\xcc"
		"\x8a\xcc\x8b\xcc\x8c"),
	HOSTILE("\xcc\x81\xcc\x82\xcc\x83"),
	/* invalid UTF-8: overlong, surrogate, above 10FFFF, cut short, lone bytes */
	HOSTILE("\xc0\x9b[31m"),
	HOSTILE("\xe0\x80\x9b\xf0\x80\x80\x9b"),
	HOSTILE("\xed\xa0\x80\xed\xb0\x80"),
	HOSTILE("\xf4\x90\x80\x80\xf8\x88\x80\x80\x80"),
	HOSTILE("\xe2\x80"),
	HOSTILE("\xff\xfe\x80\xbf"),
};

#define HOSTILE_COUNT (sizeof(hostile_strings) / sizeof(*hostile_strings))
_Static_assert(
	sizeof(hostile_strings) / sizeof(*hostile_strings) >= 200, "at least 200 hostile strings");

#endif
