/* etc.h - the lines of /etc/services and /etc/protocols. */
#ifndef SOUNDER_REGISTRY_ETC_H
#define SOUNDER_REGISTRY_ETC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of the file. */
struct etc_span {
	const char *at; /* borrowed from the file's bytes; no NUL at its end */
	size_t length;  /* bytes; 0: absent */
};

/* `name number[/kind] alias... # comment` */
struct etc_entry {
	struct etc_span name;
	uint32_t number;         /* 0..65535 */
	struct etc_span kind;    /* after the slash: "tcp" */
	struct etc_span aliases; /* blank-separated, without blanks around */
	struct etc_span comment; /* without # and blanks around */
};

/* Reads the next line of bytes[length] that is an entry, from *offset on, and moves *offset past
 * it. Lines without an entry (empty, only a comment, no number, a number above 65535, a NUL in it)
 * are skipped. False at the end. */
bool sdr_etc_next(const char *bytes, size_t length, size_t *offset, struct etc_entry *entry);

/* Takes the next blank-separated word off `rest`; false when there is none. */
bool sdr_etc_word(struct etc_span *rest, struct etc_span *word);

#endif
