/* gaiconf.c - the tables by which this host's libc orders addresses. The idea: a table is a short
 * list, longest prefix first, whose last row matches everything. glibc's own tables are RFC 3484's
 * with the additions it names (site-local, ULA, Teredo), not RFC 6724's: what programs here get is
 * what counts. gai.conf(5). */
#include "dns/gaiconf.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/conf_line.h"

#define LINE_MAX_BYTES 512
#define BLANKS " \t\r\v\f"

#define MAPPED [10] = 0xff, [11] = 0xff

static const struct sdr_gaiconf defaults = {
	.labels = {{{{[15] = 1}, 128, 0}, {{0}, 96, 3}, {{MAPPED}, 96, 4}, {{0x20, 0x01}, 32, 7},
			   {{0x20, 0x02}, 16, 2}, {{0xfe, 0xc0}, 10, 5}, {{0xfc}, 7, 6},
			   {{0}, 0, 1}},
		8},
	.precedences = {{{{[15] = 1}, 128, 50}, {{0}, 96, 20}, {{MAPPED}, 96, 10},
				{{0x20, 0x02}, 16, 30}, {{0}, 0, 40}},
		5},
	.scopes = {{{{MAPPED, [12] = 169, [13] = 254}, 112, 2}, {{MAPPED, [12] = 127}, 104, 2},
			   {{MAPPED}, 96, 14}},
		3},
};

unsigned sdr_gaiconf_common_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned same = 0;
	while (same < bits && ((a[same / 8] ^ b[same / 8]) & (0x80 >> same % 8)) == 0)
		same++;
	return same;
}

/* Every address as IPv6: IPv4 as ::ffff:a.b.c.d. */
static void as_v6(const struct sdr_addr *addr, uint8_t out[static 16])
{
	memcpy(out, addr->bytes, 16);
	if (addr->version != 4)
		return;
	memset(out, 0, 10);
	memset(out + 10, 0xff, 2);
	memcpy(out + 12, addr->bytes, 4);
}

static uint32_t value_of(const struct sdr_gaiconf_table *table, const struct sdr_addr *addr)
{
	uint8_t bytes[16];
	as_v6(addr, bytes);
	for (unsigned i = 0; i < table->count; i++)
		if (sdr_gaiconf_common_bits(table->rows[i].prefix, bytes, table->rows[i].length) ==
			table->rows[i].length)
			return table->rows[i].value;
	return 0;
}

uint32_t sdr_gaiconf_label(const struct sdr_gaiconf *conf, const struct sdr_addr *addr)
{
	return value_of(&conf->labels, addr);
}

uint32_t sdr_gaiconf_precedence(const struct sdr_gaiconf *conf, const struct sdr_addr *addr)
{
	return value_of(&conf->precedences, addr);
}

uint32_t sdr_gaiconf_scope(const struct sdr_gaiconf *conf, const struct sdr_addr *addr)
{
	const uint8_t *b = addr->bytes;
	if (addr->version == 4)
		return value_of(&conf->scopes, addr);
	if (b[0] == 0xff)
		return b[1] & 15;
	if (sdr_addr_is_loopback(addr) || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80))
		return 2;
	return b[0] == 0xfe && (b[1] & 0xc0) == 0xc0 ? 5 : 14;
}

/* Until 2.41 a number that is missing is 0 to glibc (its bug 32465). */
static bool takes_missing(const char *libc)
{
	return libc && strverscmp(libc, "2.41") < 0;
}

/* Reads a number up to `most` as libc does; `missing`: one that is not there is 0. */
static bool read_number(const char *text, unsigned long most, bool missing, unsigned long *number)
{
	char *end;
	*number = strtoul(text, &end, 10);
	return *end == '\0' && (end != text || missing) && *number <= most;
}

/* Reads "PREFIX[/LENGTH]"; an IPv4 one, where allowed, as one within ::ffff:0:0/96. */
static bool read_prefix(char *text, bool v4, bool missing, struct sdr_gaiconf_row *row)
{
	char *slash = strchr(text, '/');
	unsigned long most = 128, length, extra = 0;
	if (slash)
		*slash = '\0';
	if (v4 && inet_pton(AF_INET, text, row->prefix + 12) == 1) {
		row->prefix[10] = row->prefix[11] = 0xff;
		most = 32;
		extra = 96;
	} else if (inet_pton(AF_INET6, text, row->prefix) != 1) {
		return false;
	}
	length = most;
	if (slash && !read_number(slash + 1, most, missing, &length))
		return false;
	row->length = (uint8_t)(length + extra);
	return !v4 ||
		(row->length >= 96 &&
			IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)(const void *)row->prefix));
}

/* Adds a row after those with a prefix of the same length. */
static void add_row(struct sdr_gaiconf_table *table, const struct sdr_gaiconf_row *row)
{
	unsigned at = table->count;
	if (table->count == SDR_GAICONF_ROWS - 1)
		return; /* one place is the last row's */
	for (; at > 0 && table->rows[at - 1].length < row->length; at--)
		table->rows[at] = table->rows[at - 1];
	table->rows[at] = *row;
	table->count++;
}

static void take_line(char *line, bool missing, struct sdr_gaiconf *conf)
{
	char *rest = NULL;
	const char *command = strtok_r(line, BLANKS, &rest);
	char *prefix = command ? strtok_r(NULL, BLANKS, &rest) : NULL;
	const char *value = prefix ? strtok_r(NULL, BLANKS, &rest) : NULL;
	struct sdr_gaiconf_row row = {0};
	unsigned long number;
	if (!prefix || !read_number(value ? value : "", INT32_MAX, missing, &number))
		return;
	row.value = (uint32_t)number;
	bool scope = strcmp(command, "scopev4") == 0;
	if (!scope && strcmp(command, "label") != 0 && strcmp(command, "precedence") != 0)
		return;
	if (read_prefix(prefix, scope, missing, &row))
		add_row(scope                     ? &conf->scopes
				: *command == 'l' ? &conf->labels
						  : &conf->precedences,
			&row);
}

/* Without a row that matches all there is glibc's; without any row, its whole table. */
static void complete(struct sdr_gaiconf_table *table, const struct sdr_gaiconf_table *usual)
{
	const struct sdr_gaiconf_row *last = &usual->rows[usual->count - 1];
	if (table->count == 0)
		*table = *usual;
	else if (table->rows[table->count - 1].length > last->length)
		table->rows[table->count++] = *last;
}

void sdr_gaiconf_parse(const char *text, const char *libc, struct sdr_gaiconf *conf)
{
	char line[LINE_MAX_BYTES];
	*conf = (struct sdr_gaiconf){0};
	while ((text = sdr_conf_line(text, line, sizeof(line)))) {
		line[strcspn(line, "#")] = '\0';
		take_line(line, takes_missing(libc), conf);
	}
	complete(&conf->labels, &defaults.labels);
	complete(&conf->precedences, &defaults.precedences);
	complete(&conf->scopes, &defaults.scopes);
}
