/* resolvconf.c - parses /etc/resolv.conf. The idea: line by line, the first word is the keyword,
 * the rest are its arguments; lines and words that are not understood are skipped, as every
 * resolver does. resolv.conf(5). */
#include "dns/resolvconf.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/conf_line.h"
#include "dns/wire.h"

#define LINE_MAX_BYTES (SDR_RESOLVCONF_SEARCH * SDR_HOST_TEXT)
#define BLANKS " \t\r"

/* Old spellings (127.1) count for libc here, as nowhere else. */
static bool read_server(const char *word, struct sdr_addr *addr)
{
	struct in_addr old;
	if (sdr_addr_parse(word, addr, NULL) == SDR_OK)
		return true;
	if (inet_aton(word, &old) == 0)
		return false;
	*addr = (struct sdr_addr){.version = 4};
	memcpy(addr->bytes, &old, sizeof(old));
	return true;
}

static void take_server(struct sdr_resolvconf *conf, const char *word)
{
	struct sdr_addr addr;
	if (!word || conf->server_count == SDR_RESOLVCONF_SERVERS || !read_server(word, &addr))
		return;
	conf->servers[conf->server_count++] =
		(struct sdr_endpoint){.addr = addr, .port = SDR_RESOLVCONF_PORT};
}

static void note_unfollowed(struct sdr_resolvconf *conf, const char *word)
{
	size_t length = strlen(conf->unfollowed);
	if (!strstr(conf->unfollowed, word))
		snprintf(conf->unfollowed + length, sizeof(conf->unfollowed) - length, "%s%.40s",
			length > 0 ? ", " : "", word);
}

/* The last `search` or `domain` line counts. "." stands for the root: nothing to append
 * (systemd-resolved writes it). */
static void take_search(struct sdr_resolvconf *conf, char *words, unsigned most)
{
	char *rest = NULL;
	conf->search_count = 0;
	for (char *word = strtok_r(words, BLANKS, &rest); word && most > 0;
		word = strtok_r(NULL, BLANKS, &rest), most--) {
		size_t length = strlen(word);
		if (length > 0 && word[length - 1] == '.')
			word[--length] = '\0';
		if (length == 0 || length >= SDR_HOST_TEXT)
			continue;
		if (conf->search_count < SDR_RESOLVCONF_SEARCH)
			memcpy(conf->search[conf->search_count++], word, length + 1);
		else
			note_unfollowed(conf, "search domains past the 64th");
	}
}

/* "timeout:3" */
static bool take_number(
	const char *word, const char *name, unsigned least, unsigned most, unsigned *number)
{
	size_t length = strlen(name);
	if (strncmp(word, name, length) != 0)
		return false;
	unsigned long value = strtoul(word + length, NULL, 10);
	*number = value > most ? most : value < least ? least : (unsigned)value;
	return true;
}

static void take_option(struct sdr_resolvconf *conf, const char *word)
{
	const struct flag {
		const char *name;
		bool *set;
	} flags[] = {{"rotate", &conf->rotate}, {"use-vc", &conf->tcp},
		{"trust-ad", &conf->authentic}, {"no-aaaa", &conf->no_aaaa},
		{"no-tld-query", &conf->no_tld_query}, {"no_tld_query", &conf->no_tld_query}};
	if (take_number(word, "ndots:", 0, 15, &conf->ndots) ||
		take_number(word, "timeout:", 1, 30, &conf->timeout) ||
		take_number(word, "attempts:", 1, 5, &conf->attempts))
		return;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (strcmp(word, flags[i].name) == 0) {
			*flags[i].set = true;
			return;
		}
	/* edns0 is always on; the two questions of a name differ in id and port, which is what
	 * these options are for */
	if (strcmp(word, "single-request") == 0 || strcmp(word, "single-request-reopen") == 0)
		note_unfollowed(conf, word);
}

static void take_options(struct sdr_resolvconf *conf, char *words)
{
	char *rest = NULL;
	for (char *word = strtok_r(words, BLANKS, &rest); word;
		word = strtok_r(NULL, BLANKS, &rest))
		take_option(conf, word);
}

/* The mask of the class an address had before there were any. */
static uint32_t class_mask(uint32_t address)
{
	return address >> 31 == 0 ? 0xff000000 : address >> 30 == 2 ? 0xffff0000 : 0xffffff00;
}

/* "10.0.0.0/255.0.0.0 192.168.1.0" */
static void take_sort(struct sdr_resolvconf *conf, char *words)
{
	char *rest = NULL;
	for (char *word = strtok_r(words, BLANKS ";", &rest); word;
		word = strtok_r(NULL, BLANKS ";", &rest)) {
		struct in_addr address, mask;
		char *slash = strpbrk(word, "/&");
		if (slash)
			*slash = '\0';
		if (conf->sort_count == SDR_RESOLVCONF_SORT || inet_aton(word, &address) == 0)
			continue;
		struct sdr_resolvconf_net *net = &conf->sort[conf->sort_count++];
		net->address = ntohl(address.s_addr);
		net->mask = slash && inet_aton(slash + 1, &mask) != 0 ? ntohl(mask.s_addr)
								      : class_mask(net->address);
	}
}

unsigned sdr_resolvconf_rank(const struct sdr_resolvconf *conf, const struct sdr_addr *addr)
{
	const uint8_t *b = addr->bytes;
	uint32_t address = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	unsigned at = 0;
	while (at < conf->sort_count && (address & conf->sort[at].mask) != conf->sort[at].address)
		at++;
	return at;
}

/* Returns what follows a keyword at the very beginning of a line and a blank, else NULL: libc takes
 * no line that is indented, nor a keyword alone. */
static char *after(char *line, const char *keyword)
{
	size_t length = strlen(keyword);
	if (strncmp(line, keyword, length) != 0 || (line[length] != ' ' && line[length] != '\t'))
		return NULL;
	return line[length + strspn(line + length, BLANKS)] != '\0' ? line + length : NULL;
}

static void take_line(struct sdr_resolvconf *conf, char *line)
{
	char *rest = NULL, *words;
	if ((words = after(line, "nameserver")))
		take_server(conf, strtok_r(words, BLANKS, &rest));
	else if ((words = after(line, "search")))
		take_search(conf, words, UINT_MAX);
	else if ((words = after(line, "domain")))
		take_search(conf, words, 1);
	else if ((words = after(line, "options")))
		take_options(conf, words);
	else if ((words = after(line, "sortlist")))
		take_sort(conf, words);
}

void sdr_resolvconf_parse(const char *text, struct sdr_resolvconf *conf)
{
	char line[LINE_MAX_BYTES];
	*conf = (struct sdr_resolvconf){.ndots = 1};
	while ((text = sdr_conf_line(text, line, sizeof(line))))
		take_line(conf, line);
}

void sdr_resolvconf_override(struct sdr_resolvconf *conf, const char *options, const char *search)
{
	char words[LINE_MAX_BYTES];
	if (search) {
		snprintf(words, sizeof(words), "%s", search);
		take_search(conf, words, UINT_MAX);
	}
	if (options) {
		snprintf(words, sizeof(words), "%s", options);
		take_options(conf, words);
	}
}

static unsigned dots_in(const char *name)
{
	unsigned dots = 0;
	for (; *name != '\0'; name++)
		dots += *name == '.';
	return dots;
}

bool sdr_resolvconf_same(const struct sdr_resolvconf *a, const struct sdr_resolvconf *b)
{
	if (a->sort_count != b->sort_count ||
		memcmp(a->sort, b->sort, a->sort_count * sizeof(*a->sort)) != 0)
		return false;
	if (a->server_count != b->server_count || a->search_count != b->search_count ||
		a->ndots != b->ndots || a->timeout != b->timeout || a->attempts != b->attempts ||
		a->rotate != b->rotate || a->tcp != b->tcp || a->authentic != b->authentic ||
		a->no_aaaa != b->no_aaaa || a->no_tld_query != b->no_tld_query ||
		strcmp(a->unfollowed, b->unfollowed) != 0)
		return false;
	for (unsigned i = 0; i < a->server_count; i++)
		if (a->servers[i].port != b->servers[i].port ||
			sdr_addr_compare(&a->servers[i].addr, &b->servers[i].addr) != 0)
			return false;
	for (unsigned i = 0; i < a->search_count; i++)
		if (strcmp(a->search[i], b->search[i]) != 0)
			return false;
	return true;
}

unsigned sdr_resolvconf_candidates(
	const struct sdr_resolvconf *conf, const char *name, char names[][SDR_MESSAGE_NAME])
{
	unsigned count = 0, dots = dots_in(name);
	size_t length = strlen(name);
	uint8_t wire[WIRE_NAME_MAX];
	bool absolute = length > 0 && name[length - 1] == '.';
	bool first = absolute || dots >= conf->ndots;
	if (first)
		snprintf(names[count++], SDR_MESSAGE_NAME, "%s", name);
	for (unsigned i = 0; i < conf->search_count && !absolute; i++) {
		int size = snprintf(names[count], SDR_MESSAGE_NAME, "%s.%s", name, conf->search[i]);
		if (size > 0 && size < SDR_MESSAGE_NAME &&
			sdr_wire_name_parse(wire, names[count]) > 0)
			count++;
	}
	if (!first && (dots > 0 || count == 0 || !conf->no_tld_query))
		snprintf(names[count++], SDR_MESSAGE_NAME, "%s", name);
	return count;
}
