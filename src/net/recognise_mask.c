/* recognise_mask.c - an address with a length, a netmask or a wildcard, and ranges of addresses.
 * RFC 4632; RFC 950 (masks). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/recognise.h"

#define DIGITS "0123456789"
#define HEX_DIGITS "0123456789abcdefABCDEF"
#define BLANKS " \t"

/* Moves the place of a fault in a part of the text to that of the text. */
static enum sdr_match wrong_at(struct sdr_error *error, size_t part)
{
	if (error)
		error->offset += part;
	return SDR_MATCH_WRONG;
}

/* Reads text[length] as an address. */
static bool parse_part(
	const char *text, size_t length, struct sdr_addr *addr, struct sdr_error *error)
{
	char part[SDR_PASTE_WORD];
	memcpy(part, text, length);
	part[length] = '\0';
	return sdr_addr_parse(part, addr, error) == SDR_OK;
}

/* ---- masks ---- */

/* fffffe00 or 0xfffffe00, as ifconfig and this program write a mask. */
static bool parse_hex_mask(const char *text, struct sdr_addr *mask)
{
	const char *digits = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? text + 2 : text;
	if (strlen(digits) != 8 || digits[strspn(digits, HEX_DIGITS)] != '\0')
		return false;
	uint32_t value = (uint32_t)strtoul(digits, NULL, 16);
	*mask = (struct sdr_addr){.version = 4,
		.bytes = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
			(uint8_t)value}};
	return true;
}

/* All ones or all zeros are valid both as netmask and as wildcard mask. */
static const char *other_mask(const struct sdr_reading *reading)
{
	if (reading->length == 0)
		return reading->addr.version == 4 ? "a wildcard, of a single address (/32)"
						  : "a wildcard, of a single address (/128)";
	if (reading->length == sdr_addr_bits(&reading->addr))
		return "a wildcard, of all addresses (/0)";
	return NULL;
}

static enum sdr_match take_mask(
	const char *text, struct sdr_reading *reading, struct sdr_error *error)
{
	struct sdr_addr mask;
	bool wildcard = false; /* stays so where the mask is invalid */
	unsigned version = reading->addr.version;
	if (!parse_hex_mask(text, &mask) && sdr_addr_parse(text, &mask, NULL) != SDR_OK) {
		sdr_error_set(error, 0,
			"\"%.80s\" is no mask; one is a length such as /%d, or looks like %s", text,
			version == 4 ? 23 : 64,
			version == 4 ? "255.255.254.0, 0.0.1.255 or fffffe00" : "ffff:ffff::");
		return SDR_MATCH_WRONG;
	}
	if (mask.version != version) {
		sdr_error_set(error, 0,
			"\"%.80s\" is an IPv%u mask, but the address is "
			"IPv%u; give a length, such as /%d",
			text, mask.version, version, version == 4 ? 24 : 64);
		return SDR_MATCH_WRONG;
	}
	if (sdr_prefix_from_mask(&mask, &reading->length, &wildcard, error) != SDR_OK)
		return SDR_MATCH_WRONG;
	if (wildcard && version == 6) {
		sdr_error_set(error, 0,
			"\"%.80s\" is no IPv6 mask, whose ones come first, as "
			"in ffff:ffff::; give a length, such as /64",
			text);
		return SDR_MATCH_WRONG;
	}
	reading->has_length = true;
	reading->kind = wildcard ? SDR_READING_WILDCARD : SDR_READING_NETMASK;
	reading->either = other_mask(reading);
	return SDR_MATCH_TAKEN;
}

static enum sdr_match take_length(
	const char *digits, struct sdr_reading *reading, struct sdr_error *error)
{
	unsigned bits = sdr_addr_bits(&reading->addr);
	size_t count = strlen(digits);
	if (count == 0 || (count > 1 && digits[0] == '0')) {
		sdr_error_set(error, 0,
			"after the / stands a length in decimal, 0 to %u, or a mask, not \"%.20s\"",
			bits, digits);
		return SDR_MATCH_WRONG;
	}
	unsigned long length = count <= 3 ? strtoul(digits, NULL, 10) : 1000;
	if (length > bits) {
		sdr_error_set(error, 0,
			"/%.20s is too long for IPv%u, whose lengths go from 0 to %u", digits,
			reading->addr.version, bits);
		return SDR_MATCH_WRONG;
	}
	reading->length = (uint8_t)length;
	reading->has_length = true;
	reading->kind = SDR_READING_NETWORK;
	return SDR_MATCH_TAKEN;
}

/* Reads what follows the address, without its slash. Eight digits are a mask in hexadecimal. */
static enum sdr_match take_rest(
	const char *rest, struct sdr_reading *reading, struct sdr_error *error)
{
	size_t digits = strspn(rest, DIGITS);
	if (rest[digits] == '\0' && digits != 8)
		return take_length(rest, reading, error);
	return take_mask(rest, reading, error);
}

bool sdr_recognise_mask(const char *word, struct sdr_reading *reading)
{
	struct sdr_reading read = *reading;
	struct sdr_error ignored = {0};
	const char *rest = word + (word[0] == '/');
	if (take_rest(rest, &read, &ignored) != SDR_MATCH_TAKEN)
		return false;
	*reading = read;
	return true;
}

/* 0xc0a80101, or 32 digits: all of an address, as this program prints one; eight digits without 0x
 * would be a mask. */
static bool parse_hex_address(const char *text, size_t length, struct sdr_addr *addr)
{
	struct sdr_paste part = {.length = length};
	struct sdr_reading read = {0};
	if ((length != 10 && length != 34) || text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
		return false;
	memcpy(part.word, text, length);
	if (sdr_recognise_integer(&part, &read, NULL) != SDR_MATCH_TAKEN)
		return false;
	*addr = read.addr;
	return true;
}

enum sdr_match sdr_recognise_slash(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	const char *slash = strchr(paste->word, '/');
	struct sdr_error why = {0};
	if (!slash || slash == paste->word || paste->word[strcspn(paste->word, BLANKS)] != '\0')
		return SDR_MATCH_OTHER;
	size_t before = (size_t)(slash - paste->word);
	if (!sdr_recognise_zoned(paste->word, before, reading) &&
		!parse_hex_address(paste->word, before, &reading->addr) &&
		!parse_part(paste->word, before, &reading->addr, &why)) {
		/* A path, a date: no address was meant unless it begins like one. */
		if (paste->word[strspn(paste->word, HEX_DIGITS ".:")] != '/' ||
			!strpbrk(paste->word, ".:"))
			return SDR_MATCH_OTHER;
		sdr_error_set(error, why.offset, "%s", why.text);
		return SDR_MATCH_WRONG;
	}
	enum sdr_match match = take_rest(slash + 1, reading, error);
	return match == SDR_MATCH_WRONG ? wrong_at(error, (size_t)(slash + 1 - paste->word))
					: match;
}

/* "192.0.2.1 255.255.255.0", "192.0.2.1 /24": an address and one word that can be nothing but a
 * mask. */
enum sdr_match sdr_recognise_words(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	size_t first = strcspn(paste->word, BLANKS);
	bool slash = first > 0 && paste->word[first - 1] == '/'; /* "192.0.2.1/ 24" */
	size_t second = first + strspn(paste->word + first, BLANKS);
	struct sdr_addr mask;
	if (!slash && paste->word[second] == '/') {
		slash = true;
		second++;
		second += strspn(paste->word + second, BLANKS);
		first++; /* as if the slash were its own */
	}
	const char *rest = paste->word + second;
	if (first == 0 || rest[0] == '\0' || rest[strcspn(rest, BLANKS)] != '\0')
		return SDR_MATCH_OTHER;
	if (!sdr_recognise_zoned(paste->word, first - slash, reading) &&
		!parse_hex_address(paste->word, first - slash, &reading->addr))
		return SDR_MATCH_OTHER;
	if (!slash && rest[strspn(rest, DIGITS)] != '\0' && !parse_hex_mask(rest, &mask) &&
		sdr_addr_parse(rest, &mask, NULL) != SDR_OK)
		return SDR_MATCH_OTHER;
	enum sdr_match match = take_rest(rest, reading, error);
	return match == SDR_MATCH_WRONG ? wrong_at(error, second) : match;
}

/* ---- ranges ---- */

static enum sdr_match check_range(const struct sdr_reading *reading, struct sdr_error *error)
{
	char first[SDR_ADDR_TEXT], last[SDR_ADDR_TEXT];
	if (reading->addr.version != reading->last.version) {
		sdr_error_set(error, 0, "a range from IPv%u to IPv%u; both ends are of one kind",
			reading->addr.version, reading->last.version);
		return SDR_MATCH_WRONG;
	}
	if (memcmp(reading->addr.bytes, reading->last.bytes, sizeof(reading->addr.bytes)) > 0) {
		sdr_addr_format(first, &reading->addr);
		sdr_addr_format(last, &reading->last);
		sdr_error_set(error, 0, "the range runs backwards; write %s-%s", last, first);
		return SDR_MATCH_WRONG;
	}
	return SDR_MATCH_TAKEN;
}

static size_t skip_blanks_back(const char *text, size_t length)
{
	while (length > 0 && strchr(BLANKS, text[length - 1]))
		length--;
	return length;
}

/* An interface's name may hold dashes (fe80::1%br-lan), so the dash is the first one with an
 * address before it. */
enum sdr_match sdr_recognise_range(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	struct sdr_error why = {0};
	for (const char *dash = strchr(paste->word, '-'); dash; dash = strchr(dash + 1, '-')) {
		size_t before = skip_blanks_back(paste->word, (size_t)(dash - paste->word));
		const char *rest = dash + 1 + strspn(dash + 1, BLANKS);
		if (!parse_part(paste->word, before, &reading->addr, NULL))
			continue;
		reading->kind = SDR_READING_RANGE;
		if (sdr_addr_parse(rest, &reading->last, &why) == SDR_OK) {
			enum sdr_match match = check_range(reading, error);
			return match == SDR_MATCH_WRONG
				? wrong_at(error, (size_t)(rest - paste->word))
				: match;
		}
		/* In a line of a log, a dash between blanks separates fields. */
		if (rest[strcspn(rest, BLANKS)] != '\0')
			return SDR_MATCH_OTHER;
		if (rest[strspn(rest, DIGITS)] == '\0' && rest[0] != '\0') {
			sdr_error_set(error, (size_t)(rest - paste->word),
				"\"%.80s\": the range's last address is written in full, "
				"not \"%.20s\", as in 192.0.2.1-192.0.2.20",
				paste->word, rest);
			return SDR_MATCH_WRONG;
		}
		sdr_error_set(error, (size_t)(rest - paste->word) + why.offset,
			"\"%.80s\": after the dash stands the range's "
			"last address, in full: %.150s",
			paste->word, why.text);
		return SDR_MATCH_WRONG;
	}
	return SDR_MATCH_OTHER;
}
