/* space_parse.c - a line of a list of networks: an address, a network, or a range, with an optional
 * comment. */
#include <stdio.h>
#include <string.h>

#include "net/space.h"

#define BLANKS " \t\r\n"

/* A piece of the text without the blanks around it. Returns false where it is longer than any
 * address. */
static bool piece(char out[static SDR_PREFIX_TEXT], const char *text, size_t length)
{
	while (length > 0 && strchr(BLANKS, text[0])) {
		text++;
		length--;
	}
	while (length > 0 && strchr(BLANKS, text[length - 1]))
		length--;
	if (length >= SDR_PREFIX_TEXT)
		return false;
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

static enum sdr_status parse_end(
	const char *text, size_t length, struct sdr_addr *addr, struct sdr_error *error)
{
	char word[SDR_PREFIX_TEXT];
	if (!piece(word, text, length)) {
		sdr_error_set(error, 0, "\"%.80s\" is too long for an address", text);
		return SDR_EINVAL;
	}
	if (word[0] == '\0') {
		sdr_error_set(error, 0,
			"one end of the range is missing; a range "
			"looks like 192.0.2.10-192.0.2.99");
		return SDR_EINVAL;
	}
	if (strchr(word, '/')) {
		sdr_error_set(error, 0,
			"%s: the ends of a range are addresses without a "
			"length, as in 192.0.2.10-192.0.2.99",
			word);
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_addr_parse(word, addr, error);
	if (status == SDR_OK)
		addr->scope_id = 0;
	return status;
}

static enum sdr_status parse_pair(const char *text, size_t length, size_t dash,
	struct sdr_range *range, struct sdr_error *error)
{
	struct sdr_range read;
	enum sdr_status status = parse_end(text, dash, &read.first, error);
	if (status == SDR_OK)
		status = parse_end(text + dash + 1, length - dash - 1, &read.last, error);
	if (status != SDR_OK)
		return status;
	if (read.first.version != read.last.version) {
		sdr_error_set(error, dash,
			"\"%.*s\": one end is IPv%u, the other IPv%u; "
			"both ends of a range are of one kind",
			(int)(length < 100 ? length : 100), text, read.first.version,
			read.last.version);
		return SDR_EINVAL;
	}
	if (sdr_addr_compare(&read.first, &read.last) > 0) {
		char first[SDR_ADDR_TEXT], last[SDR_ADDR_TEXT];
		sdr_error_set(error, dash,
			"\"%.*s\": the range ends before it begins; %s-%s is right",
			(int)(length < 100 ? length : 100), text,
			sdr_addr_format(first, &read.last), sdr_addr_format(last, &read.first));
		return SDR_ERANGE;
	}
	*range = read;
	return SDR_OK;
}

enum sdr_status sdr_range_parse(const char *text, struct sdr_range *range, struct sdr_error *error)
{
	char word[SDR_PREFIX_TEXT];
	struct sdr_prefix prefix;
	size_t length = strcspn(text, "#");
	const char *dash = memchr(text, '-', length);
	if (dash)
		return parse_pair(text, length, (size_t)(dash - text), range, error);
	if (!piece(word, text, length)) {
		sdr_error_set(error, 0,
			"\"%.80s\" is too long for an address; a network "
			"looks like 192.0.2.0/24 or 2001:db8::/32",
			text);
		return SDR_EINVAL;
	}
	enum sdr_status status;
	if (strchr(word, '/')) {
		status = sdr_prefix_parse(word, &prefix, error);
	} else {
		status = sdr_addr_parse(word, &prefix.addr, error);
		if (status == SDR_OK)
			prefix.length = (uint8_t)sdr_addr_bits(&prefix.addr);
	}
	if (status == SDR_OK)
		*range = sdr_range_of(&prefix);
	return status;
}
