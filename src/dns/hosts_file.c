/* hosts_file.c - a hosts file, parsed once and searched by name and by address. The idea: one copy
 * of the text with its words cut in place, and a list of lines, each an address and a run of names
 * in that text. hosts(5). */
#include "dns/hosts_file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r\v\f"

struct line {
	struct sdr_addr addr;
	const char *names; /* [count] NUL-terminated names, each behind the other with blanks turned
			      into NULs between */
	unsigned count;
	unsigned number; /* in the file, from 1 */
};

struct sdr_hosts {
	char *text; /* owned; cut into words */
	struct line *lines;
	size_t count, room;
};

/* Returns the name behind `name`, skipping the NULs that were blanks. */
static const char *next_name(const char *name)
{
	name += strlen(name);
	while (*name == '\0')
		name++;
	return name;
}

static bool line_add(struct sdr_hosts *hosts, const struct line *line)
{
	if (hosts->count == hosts->room) {
		size_t room = hosts->room == 0 ? 16 : hosts->room * 2;
		struct line *grown = realloc(hosts->lines, room * sizeof(*grown));
		if (!grown)
			return false;
		hosts->lines = grown;
		hosts->room = room;
	}
	hosts->lines[hosts->count++] = *line;
	return true;
}

/* Cuts one line (without its line feed) into words, in place. */
static bool line_take(struct sdr_hosts *hosts, char *text, unsigned number)
{
	char *rest = NULL;
	text[strcspn(text, "#")] = '\0';
	struct line line = {.number = number};
	char *word = strtok_r(text, BLANKS, &rest);
	if (!word || sdr_addr_parse(word, &line.addr, NULL) != SDR_OK || line.addr.scope_id != 0)
		return true; /* libc knows no zones here */
	char *end = rest + strlen(rest);
	for (char *at = rest; at < end; at++)
		if (strchr(BLANKS, *at))
			*at = '\0';
	for (const char *at = rest; at < end; at += strlen(at) + 1)
		if (*at != '\0') {
			line.names = line.count == 0 ? at : line.names;
			line.count++;
		}
	return line.count == 0 || line_add(hosts, &line);
}

struct sdr_hosts *sdr_hosts_new(const char *text)
{
	struct sdr_hosts *hosts = calloc(1, sizeof(*hosts));
	if (!hosts)
		return NULL;
	hosts->text = strdup(text ? text : "");
	bool good = hosts->text;
	unsigned number = 1;
	for (char *at = hosts->text; good && at; number++) {
		char *end = strchr(at, '\n');
		if (end)
			*end = '\0';
		good = line_take(hosts, at, number);
		at = end ? end + 1 : NULL;
	}
	if (good)
		return hosts;
	sdr_hosts_free(hosts);
	return NULL;
}

void sdr_hosts_free(struct sdr_hosts *hosts)
{
	if (!hosts)
		return;
	free(hosts->lines);
	free(hosts->text);
	free(hosts);
}

static bool has_name(const struct line *line, const char *name, size_t length)
{
	const char *at = line->names;
	for (unsigned i = 0; i < line->count; i++, at = i < line->count ? next_name(at) : at)
		if (strncasecmp(at, name, length) == 0 && at[length] == '\0')
			return true;
	return false;
}

static void match_names(struct sdr_hosts_match *match, const struct line *line)
{
	const char *at = line->names;
	match->line = match->line == 0 ? line->number : match->line;
	for (unsigned i = 0; i < line->count; i++, at = i < line->count ? next_name(at) : at) {
		bool known = match->canonical && strcasecmp(match->canonical, at) == 0;
		for (unsigned j = 0; j < match->name_count && !known; j++)
			known = strcasecmp(match->names[j], at) == 0;
		if (!match->canonical)
			match->canonical = at;
		else if (!known && match->name_count < SDR_HOSTS_MATCHES)
			match->names[match->name_count++] = at;
	}
}

/* Whether a line is of the requested address family, and its address in that family. libc maps ::1
 * and IPv4-mapped lines to IPv4 if that is requested. */
static bool line_address(const struct line *line, uint8_t family, struct sdr_addr *addr)
{
	*addr = line->addr;
	if (family != 4 || line->addr.version == 4)
		return family == 0 || line->addr.version == family;
	if (sdr_addr_is_loopback(&line->addr))
		*addr = (struct sdr_addr){.version = 4, .bytes = {127, 0, 0, 1}};
	else
		*addr = sdr_addr_unmap(&line->addr);
	return addr->version == 4;
}

bool sdr_hosts_find(const struct sdr_hosts *hosts, const char *name, uint8_t family,
	struct sdr_hosts_match *match)
{
	size_t length = strlen(name);
	*match = (struct sdr_hosts_match){0};
	for (size_t i = 0; i < hosts->count; i++) {
		const struct line *line = &hosts->lines[i];
		struct sdr_addr addr;
		if (!has_name(line, name, length) || !line_address(line, family, &addr))
			continue;
		bool known = false;
		for (unsigned j = 0; j < match->count; j++)
			known = known || sdr_addr_compare(&match->addrs[j], &addr) == 0;
		if (!known && match->count < SDR_HOSTS_MATCHES)
			match->addrs[match->count++] = addr;
		else if (!known)
			match->more++;
		match_names(match, line);
	}
	return match->count > 0;
}

bool sdr_hosts_find_addr(
	const struct sdr_hosts *hosts, const struct sdr_addr *addr, struct sdr_hosts_match *match)
{
	*match = (struct sdr_hosts_match){0};
	for (size_t i = 0; i < hosts->count; i++)
		if (sdr_addr_compare(&hosts->lines[i].addr, addr) == 0)
			match_names(match, &hosts->lines[i]);
	return match->canonical;
}
