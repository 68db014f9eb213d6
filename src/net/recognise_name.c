/* recognise_name.c - addresses within longer words: URLs, host:port, the names of the reverse tree.
 * RFC 3986 sec. 3.2 (authority), RFC 6874 (zones in URLs), RFC 1035 sec. 3.5 and RFC 3596 sec. 2.5
 * (reverse names). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/recognise.h"

#define DIGITS "0123456789"
#define HEX_DIGITS "0123456789abcdefABCDEF"

/* ---- host and port, URL ---- */

static bool is_name(const char *text)
{
	bool letter = false;
	if (!isalnum((unsigned char)text[0]))
		return false;
	for (; text[0] != '\0'; text++) {
		letter |= isalpha((unsigned char)text[0]) != 0;
		if (!isalnum((unsigned char)text[0]) && !strchr("-_.", text[0]))
			return false;
	}
	return letter;
}

/* Takes a zone that this host lacks out of the brackets: [fe80::1%en0]:80. */
static void lift_zone(char *text, struct sdr_reading *reading)
{
	struct sdr_reading read = {0};
	char *percent = strchr(text, '%'), *close = strchr(text, ']');
	if (text[0] != '[' || !percent || !close || percent > close)
		return;
	if (!sdr_recognise_zoned(text + 1, (size_t)(close - text - 1), &read) ||
		read.zone[0] == '\0')
		return;
	memcpy(reading->zone, read.zone, sizeof(reading->zone));
	memmove(percent, close, strlen(close) + 1);
}

/* Reads `text`, found at `offset`, as host and perhaps a port; only an address will do for the
 * host. */
static enum sdr_match take_hostport(
	const char *word, size_t offset, struct sdr_reading *reading, struct sdr_error *error)
{
	struct sdr_hostport parts;
	uint16_t port;
	char text[SDR_PASTE_WORD];
	snprintf(text, sizeof(text), "%s", word);
	lift_zone(text, reading);
	enum sdr_status status = sdr_hostport_parse(text, &parts, error);
	if (status == SDR_OK && sdr_addr_parse(parts.host, &reading->addr, error) != SDR_OK) {
		if (is_name(parts.host) && parts.host[strspn(parts.host, HEX_DIGITS "xX.")] != '\0')
			sdr_error_set(error, 0,
				"%.120s is a name, not an address; \"sounder "
				"resolve %.120s\" asks for its addresses",
				parts.host, parts.host);
		status = SDR_EINVAL;
	}
	if (status == SDR_OK && parts.service[0] != '\0' && !is_name(parts.service)) {
		status = sdr_port_parse(parts.service, &port, error);
		offset += status == SDR_OK ? 0 : strlen(text) - strlen(parts.service);
	}
	if (status != SDR_OK) {
		if (error)
			error->offset += offset;
		return SDR_MATCH_WRONG;
	}
	snprintf(reading->service, sizeof(reading->service), "%s", parts.service);
	return SDR_MATCH_TAKEN;
}

/* A host may stand alone in brackets. What has no bracket and not exactly one colon is no host with
 * a port. */
enum sdr_match sdr_recognise_endpoint(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	const char *colon = strchr(paste->word, ':');
	bool one = colon && colon != paste->word && !strchr(colon + 1, ':');
	if (paste->word[strcspn(paste->word, " \t\"'=,;()<>/")] != '\0')
		return SDR_MATCH_OTHER;
	if (paste->word[0] != '[' && !one && !is_name(paste->word))
		return SDR_MATCH_OTHER;
	/* 0x7f.1 has a letter too: the strict parser explains it. */
	if (!one && paste->word[0] != '[' &&
		paste->word[strspn(paste->word, HEX_DIGITS "xX.")] == '\0')
		return SDR_MATCH_OTHER;
	reading->kind = SDR_READING_ENDPOINT;
	return take_hostport(paste->word, 0, reading, error);
}

enum sdr_match sdr_recognise_url(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	const char *start = strstr(paste->word, "://");
	char host[SDR_PASTE_WORD];
	if (!start || start == paste->word || paste->word[strcspn(paste->word, " \t")] != '\0')
		return SDR_MATCH_OTHER;
	for (const char *at = paste->word; at < start; at++)
		if (!isalnum((unsigned char)at[0]) && !strchr("+-.", at[0]))
			return SDR_MATCH_OTHER;
	start += 3;
	size_t length = strcspn(start, "/?#");
	const char *user = memrchr(start, '@', length);
	if (user) {
		length -= (size_t)(user + 1 - start);
		start = user + 1;
	}
	memcpy(host, start, length);
	host[length] = '\0';
	char *zone =
		host[0] == '[' ? strstr(host, "%25") : NULL; /* RFC 6874: a URL's percent sign */
	if (zone)
		memmove(zone + 1, zone + 3, strlen(zone + 3) + 1);
	reading->kind = SDR_READING_URL;
	enum sdr_match match = take_hostport(host, (size_t)(start - paste->word), reading, error);
	reading->offset = (size_t)(start - paste->word);
	reading->size = length;
	return match;
}

/* ---- reverse names ---- */

/* A tree: what its names end in, bits and base of a label. */
struct tree {
	const char *suffix;
	uint8_t version;
	unsigned bits;      /* of the address that a label stands for */
	const char *digits; /* of a label */
	size_t digits_max;
};

static const struct tree trees[] = {
	{".in-addr.arpa", 4, 8, DIGITS, 3},
	{".ip6.arpa", 6, 4, HEX_DIGITS, 1},
};

static enum sdr_match wrong_label(const struct sdr_paste *paste, const struct tree *tree,
	size_t offset, struct sdr_error *error)
{
	sdr_error_set(error, offset, "\"%.80s\": before %s stand%s, as in %s", paste->word,
		tree->suffix,
		tree->version == 4 ? " at most four numbers from 0 to 255"
				   : " at most 32 single hexadecimal digits",
		tree->version == 4 ? "1.2.0.192.in-addr.arpa" : "8.b.d.0.1.0.0.2.ip6.arpa");
	return SDR_MATCH_WRONG;
}

/* Reads a label's number; -1 if it is not one. */
static int label_value(const struct tree *tree, const char *label, size_t length)
{
	int value = 0;
	if (length == 0 || length > tree->digits_max || (length > 1 && label[0] == '0'))
		return -1;
	for (size_t i = 0; i < length; i++) {
		const char *digit = strchr(tree->digits, label[i]);
		if (!digit)
			return -1;
		int number = (int)(digit - tree->digits);
		value = value * (tree->version == 4 ? 10 : 16) +
			(number > 15 ? number - 6 : number);
	}
	return value < 1 << tree->bits ? value : -1;
}

/* The labels from the last to the first are the address from its first bit on; fewer than all make
 * a network. */
static enum sdr_match take_labels(const struct sdr_paste *paste, const struct tree *tree,
	size_t end, struct sdr_reading *reading, struct sdr_error *error)
{
	unsigned at = 0;
	reading->addr.version = tree->version;
	while (end > 0) {
		size_t start = end;
		while (start > 0 && paste->word[start - 1] != '.')
			start--;
		int value = label_value(tree, paste->word + start, end - start);
		if (value < 0 || at == sdr_addr_bits(&reading->addr))
			return wrong_label(paste, tree, start, error);
		reading->addr.bytes[at / 8] |=
			(uint8_t)(value << (tree->bits == 4 && at % 8 == 0 ? 4 : 0));
		at += tree->bits;
		if (start == 1)
			return wrong_label(paste, tree, 0, error);
		end = start > 0 ? start - 1 : 0;
	}
	reading->kind = SDR_READING_REVERSE;
	reading->has_length = at < sdr_addr_bits(&reading->addr);
	reading->length = (uint8_t)at;
	return SDR_MATCH_TAKEN;
}

enum sdr_match sdr_recognise_reverse(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	size_t length = paste->word[0] != '\0' ? paste->length : 0;
	if (length > 0 && paste->word[length - 1] == '.')
		length--;
	if (strpbrk(paste->word, " \t/@\"'"))
		return SDR_MATCH_OTHER;
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		size_t suffix = strlen(trees[i].suffix);
		if (length > suffix &&
			strncasecmp(paste->word + length - suffix, trees[i].suffix, suffix) == 0)
			return take_labels(paste, &trees[i], length - suffix, reading, error);
	}
	return SDR_MATCH_OTHER;
}
