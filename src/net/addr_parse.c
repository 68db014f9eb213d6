/* addr_parse.c - the text of an address, read strictly, with the place and the reason where it goes
 * wrong.
 *
 * The idea: one cursor over the text; the first character that cannot belong to an address ends it
 * with an error about that character. inet_pton gives no reason, and inet_aton accepts 010.0.0.1
 * and 127.1, which users and programs read differently (RFC 6943 sec. 3.1.1). RFC 4291 sec. 2.2
 * (IPv6 text), RFC 4007 sec. 11 (zones). */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sounder/addr.h"

#define DIGITS "0123456789"
#define HEX_DIGITS "0123456789abcdefABCDEF"
#define SHAPES "an address looks like 192.0.2.1 or 2001:db8::1"

struct cursor {
	const char *text;        /* the whole text, for messages */
	size_t at;               /* where reading is */
	size_t end;              /* end of the text to read */
	struct sdr_error *error; /* or NULL */
};

static enum sdr_status fail(const struct cursor *cursor, size_t offset, const char *format, ...)
	SDR_PRINTF(3, 4);

static enum sdr_status fail(const struct cursor *cursor, size_t offset, const char *format, ...)
{
	char why[200];
	va_list rest;
	va_start(rest, format);
	vsnprintf(why, sizeof(why), format, rest);
	va_end(rest);
	sdr_error_set(cursor->error, offset, "\"%.80s\" is not an address: %s", cursor->text, why);
	return SDR_EINVAL;
}

static char peek(const struct cursor *cursor, size_t ahead)
{
	return cursor->at + ahead < cursor->end ? cursor->text[cursor->at + ahead] : '\0';
}

static size_t span(const struct cursor *cursor, const char *set)
{
	size_t n = strspn(cursor->text + cursor->at, set);
	return n < cursor->end - cursor->at ? n : cursor->end - cursor->at;
}

/* Reports the character under the cursor as one that cannot stand there. */
static enum sdr_status wrong_character(const struct cursor *cursor, const char *wanted)
{
	unsigned char c = (unsigned char)peek(cursor, 0);
	size_t place = cursor->at + 1;
	if (c == '\0')
		return fail(cursor, cursor->at, "it ends where %s is wanted; " SHAPES, wanted);
	if (c == ' ' || c == '\t')
		return fail(cursor, cursor->at, "a blank at character %zu; leave it out", place);
	if (c == '/')
		return fail(cursor, cursor->at,
			"a /length at character %zu makes it a network; leave it out, or use mask",
			place);
	if (c == '[' || c == ']')
		return fail(cursor, cursor->at,
			"brackets are for an address with a port; leave them out");
	if (c > ' ' && c < 0x7f)
		return fail(cursor, cursor->at,
			"'%c' at character %zu, where %s is wanted; " SHAPES, c, place, wanted);
	return fail(cursor, cursor->at, "byte 0x%02x at character %zu, where %s is wanted; " SHAPES,
		c, place, wanted);
}

/* Adds to the error what programs with inet_aton would read, where the whole text is one of its
 * spellings. */
static const char *old_reading(const struct cursor *cursor, char out[static INET_ADDRSTRLEN])
{
	struct in_addr old;
	if (cursor->text[strspn(cursor->text, HEX_DIGITS "xX.")] != '\0' ||
		inet_aton(cursor->text, &old) == 0)
		return NULL;
	return inet_ntop(AF_INET, &old, out, INET_ADDRSTRLEN);
}

static enum sdr_status too_few(const struct cursor *cursor, int have)
{
	char old[INET_ADDRSTRLEN];
	if (old_reading(cursor, old))
		return fail(cursor, cursor->at,
			"%d of four numbers, an old spelling of %s; write that in full", have, old);
	return wrong_character(cursor, "a dot");
}

static enum sdr_status number_wrong(const struct cursor *cursor, size_t digits)
{
	const char *number = cursor->text + cursor->at;
	char old[INET_ADDRSTRLEN];
	if (digits == 1 && (number[1] == 'x' || number[1] == 'X')) {
		if (old_reading(cursor, old))
			return fail(cursor, cursor->at,
				"hexadecimal numbers are an old spelling, of %s; write that", old);
		return fail(cursor, cursor->at,
			"hexadecimal numbers are an old spelling; "
			"write each of the four in decimal");
	}
	if (digits > 1 && number[0] == '0')
		return fail(cursor, cursor->at,
			"some programs read %.*s as octal, others as "
			"decimal; leave the zero in front out",
			(int)(digits < 12 ? digits : 12), number);
	if (old_reading(cursor, old))
		return fail(cursor, cursor->at,
			"a number above 255, an old spelling of %s; write that in full", old);
	return fail(cursor, cursor->at,
		"%.*s is more than 255; each of the four numbers is 0 to 255",
		(int)(digits < 12 ? digits : 12), number);
}

/* Reads one of the four numbers at the cursor and steps over it. */
static enum sdr_status parse_number(struct cursor *cursor, uint8_t *value)
{
	size_t digits = span(cursor, DIGITS);
	unsigned sum = 0;
	if (digits == 0 && cursor->at == cursor->end && cursor->at > 0 &&
		cursor->text[cursor->at - 1] == '.')
		return fail(cursor, cursor->at, "a dot at its end; leave it out");
	if (digits == 0)
		return wrong_character(cursor, "a number");
	for (size_t i = 0; i < digits && sum <= 255; i++)
		sum = sum * 10 + (unsigned)(peek(cursor, i) - '0');
	bool hexadecimal =
		digits == 1 && sum == 0 && (peek(cursor, 1) == 'x' || peek(cursor, 1) == 'X');
	if (sum > 255 || hexadecimal || (digits > 1 && peek(cursor, 0) == '0'))
		return number_wrong(cursor, digits);
	*value = (uint8_t)sum;
	cursor->at += digits;
	return SDR_OK;
}

/* Reads a dotted quad from the cursor to its end. */
static enum sdr_status parse_quad(struct cursor *cursor, uint8_t bytes[static 4])
{
	for (int i = 0; i < 4; i++) {
		if (i > 0 && peek(cursor, 0) != '.')
			return too_few(cursor, i);
		cursor->at += i > 0;
		enum sdr_status status = parse_number(cursor, &bytes[i]);
		if (status != SDR_OK)
			return status;
	}
	if (peek(cursor, 0) == '.')
		return fail(cursor, cursor->at,
			"a dot after the fourth number; an IPv4 address has four");
	return cursor->at == cursor->end ? SDR_OK : wrong_character(cursor, "the end");
}

/* The groups of an IPv6 address as they are read. */
struct groups {
	uint16_t value[8];
	int count; /* read so far */
	int gap;   /* groups before the ::, -1 while there is none */
};

static enum sdr_status parse_gap(struct cursor *cursor, struct groups *groups)
{
	if (groups->gap >= 0)
		return fail(cursor, cursor->at,
			"a second :: at character %zu; only one may stand for zeros",
			cursor->at + 1);
	groups->gap = groups->count;
	cursor->at += 2;
	if (peek(cursor, 0) == ':')
		return fail(cursor, cursor->at, "three colons in a row; zeros are written ::");
	return SDR_OK;
}

/* Reads the dotted quad that may end an IPv6 address. */
static enum sdr_status parse_tail(struct cursor *cursor, struct groups *groups)
{
	uint8_t bytes[4];
	if (groups->count == 0 && groups->gap < 0)
		return fail(cursor, strcspn(cursor->text, ":"),
			"a colon in an IPv4 address; leave a port out here");
	if (groups->count > 6)
		return fail(cursor, cursor->at,
			"no room for an IPv4 address after %d groups; "
			"it takes the place of the last two",
			groups->count);
	if (groups->count < 6 && groups->gap < 0)
		return fail(cursor, cursor->at,
			"an IPv4 address after %d groups; it follows six groups, or ::",
			groups->count);
	enum sdr_status status = parse_quad(cursor, bytes);
	if (status != SDR_OK)
		return status;
	groups->value[groups->count++] = (uint16_t)(bytes[0] << 8 | bytes[1]);
	groups->value[groups->count++] = (uint16_t)(bytes[2] << 8 | bytes[3]);
	return SDR_OK;
}

static enum sdr_status parse_group(struct cursor *cursor, struct groups *groups)
{
	size_t digits = span(cursor, HEX_DIGITS);
	if (digits > 0 && peek(cursor, digits) == '.')
		return parse_tail(cursor, groups);
	if (digits == 0)
		return wrong_character(cursor, "a group of hexadecimal digits");
	if (digits > 4)
		return fail(cursor, cursor->at + 4,
			"more than four digits in a group, at character %zu", cursor->at + 5);
	if (groups->count == 8)
		return fail(
			cursor, cursor->at, "more than eight groups; an IPv6 address has eight");
	groups->value[groups->count++] = (uint16_t)strtoul(cursor->text + cursor->at, NULL, 16);
	cursor->at += digits;
	return SDR_OK;
}

/* Reads groups and colons up to the cursor's end. */
static enum sdr_status parse_groups(struct cursor *cursor, struct groups *groups)
{
	enum sdr_status status = SDR_OK;
	if (peek(cursor, 0) == ':' && peek(cursor, 1) != ':')
		return fail(cursor, 0, "a single colon in front; zeros are written ::");
	while (status == SDR_OK && cursor->at < cursor->end) {
		if (peek(cursor, 0) == ':' && peek(cursor, 1) == ':') {
			status = parse_gap(cursor, groups);
			continue;
		}
		if (cursor->at > 0 && peek(cursor, 0) == ':') {
			cursor->at++;
			if (cursor->at == cursor->end)
				return fail(cursor, cursor->at - 1,
					"a single colon at the end; zeros are written ::");
		} else if (groups->count > 0 && cursor->text[cursor->at - 1] != ':') {
			return wrong_character(cursor, "a colon");
		}
		status = parse_group(cursor, groups);
	}
	return status;
}

static enum sdr_status parse_six(struct cursor *cursor, struct sdr_addr *addr)
{
	struct groups groups = {.gap = -1};
	enum sdr_status status = parse_groups(cursor, &groups);
	if (status != SDR_OK)
		return status;
	if (groups.gap < 0 && groups.count < 8)
		return fail(cursor, cursor->end, "%d of eight groups and no :: for the rest",
			groups.count);
	if (groups.gap >= 0 && groups.count > 7)
		return fail(cursor, cursor->end, "eight groups leave nothing for :: to stand for");
	for (int i = 0; i < groups.count; i++) {
		int place = groups.gap >= 0 && i >= groups.gap ? 8 - groups.count + i : i;
		addr->bytes[2 * place] = (uint8_t)(groups.value[i] >> 8);
		addr->bytes[2 * place + 1] = (uint8_t)groups.value[i];
	}
	return SDR_OK;
}

/* The kernel looks up "lo:x" as "lo", and no name holds a blank, slash or control character. */
static bool may_be_interface(const char *name)
{
	for (const char *at = name; at[0] != '\0'; at++)
		if ((unsigned char)at[0] <= ' ' || at[0] == 0x7f || strchr(":/%[]", at[0]))
			return false;
	return name[0] != '\0' && strlen(name) < IF_NAMESIZE;
}

/* if_nametoindex fails with ENOENT where it can't open a socket. */
unsigned sdr_interface_index(const char *name)
{
	struct ifreq request = {0};
	errno = ENODEV;
	if (!may_be_interface(name))
		return 0;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	int failed = ioctl(fd, SIOCGIFINDEX, &request) != 0 ? errno : 0;
	close(fd);
	errno = failed;
	return failed ? 0 : (unsigned)request.ifr_ifindex;
}

/* Reads what follows the '%' at `at`: digits are an interface's index, anything else its name on
 * this host. */
static enum sdr_status parse_zone(const struct cursor *cursor, size_t at, uint32_t *scope_id)
{
	const char *zone = cursor->text + at + 1;
	if (zone[0] == '\0')
		return fail(
			cursor, at, "nothing after %%; a zone is an interface's name or number");
	if (zone[strspn(zone, DIGITS)] == '\0') {
		unsigned long number = strlen(zone) <= 10 ? strtoul(zone, NULL, 10) : 0;
		if (number == 0 || number > INT32_MAX)
			return fail(cursor, at + 1,
				"%.20s is no interface number; they go from 1 to %d", zone,
				INT32_MAX);
		*scope_id = (uint32_t)number;
		return SDR_OK;
	}
	unsigned index = sdr_interface_index(zone);
	if (index == 0 && errno != ENODEV) {
		(void)fail(cursor, at + 1,
			"whether this host has an interface %.20s could not be looked at: %s", zone,
			strerror(errno));
		return SDR_ESYSTEM;
	}
	if (index == 0)
		return fail(cursor, at + 1,
			"this host has no interface %.20s; after %% "
			"stands an interface's name or number",
			zone);
	*scope_id = index;
	return SDR_OK;
}

/* Reads a dotted quad that nothing is wrong with, as nearly all are. Returns false for anything
 * else: whether and where it is wrong is found with care then. */
static bool parse_plain(const char *text, uint8_t bytes[static 4])
{
	const unsigned char *at = (const unsigned char *)text;
	for (int i = 0;; i++, at++) {
		unsigned sum = (unsigned)*at - '0', digits = 1;
		if (sum > 9)
			return false;
		for (at++; (unsigned)*at - '0' <= 9 && sum > 0 && digits < 3; at++, digits++)
			sum = sum * 10 + ((unsigned)*at - '0');
		if (sum > 255)
			return false;
		bytes[i] = (uint8_t)sum;
		if (i == 3)
			return *at == '\0';
		if (*at != '.')
			return false;
	}
}

enum sdr_status sdr_addr_parse(const char *text, struct sdr_addr *addr, struct sdr_error *error)
{
	struct sdr_addr plain = {.version = 4};
	if (parse_plain(text, plain.bytes)) {
		*addr = plain;
		return SDR_OK;
	}
	struct cursor cursor = {.text = text, .end = strlen(text), .error = error};
	struct sdr_addr read = {.version = strchr(text, ':') ? 6 : 4};
	enum sdr_status status;

	if (text[0] == '\0') {
		sdr_error_set(error, 0, "an address is missing; " SHAPES);
		return SDR_EINVAL;
	}
	if (read.version == 6) {
		const char *percent = strchr(text, '%');
		if (percent)
			cursor.end = (size_t)(percent - text);
		status = parse_six(&cursor, &read);
		if (status == SDR_OK && percent)
			status = parse_zone(&cursor, cursor.end, &read.scope_id);
	} else {
		status = parse_quad(&cursor, read.bytes);
	}
	if (status == SDR_OK)
		*addr = read;
	return status;
}
