/* recognise.c - tries the forms in the order of the table, the strict and frequent ones first, so
 * that no text is read as a looser form than it has. The first form that matches decides; where
 * none does, the error is that of the strict address. */
#include "net/recognise.h"

#include <stdio.h>
#include <string.h>

#define BLANKS " \t\r\n"

static bool is_blank(char c)
{
	return c != '\0' && strchr(BLANKS, c);
}

/* 00:11:22:33:44:55:66:77 is an IPv6 address by its form, though a device's EUI-64 is written like
 * that. */
static bool looks_like_eui64(const char *word)
{
	for (unsigned i = 0; i < 23; i++)
		if (i % 3 == 2 ? word[i] != ':'
			       : word[i] == '\0' || !strchr("0123456789abcdefABCDEF", word[i]))
			return false;
	return word[23] == '\0';
}

static enum sdr_match take_address(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	(void)error;
	if (!sdr_recognise_zoned(paste->word, strlen(paste->word), reading))
		return SDR_MATCH_OTHER;
	reading->kind = SDR_READING_ADDRESS;
	if (looks_like_eui64(paste->word))
		reading->either = "an EUI-64 hardware address, which is written with dashes here";
	return SDR_MATCH_TAKEN;
}

static const sdr_form forms[] = {
	sdr_recognise_integer,
	take_address,
	sdr_recognise_old,
	sdr_recognise_url,
	sdr_recognise_reverse,
	sdr_recognise_hardware,
	sdr_recognise_suffix,
	sdr_recognise_slash,
	sdr_recognise_range,
	sdr_recognise_endpoint,
	sdr_recognise_words,
	sdr_recognise_line,
};

static size_t trim(const char *text, struct sdr_paste *paste)
{
	size_t lead = 0, length = strlen(text);
	while (is_blank(text[lead]))
		lead++;
	while (length > lead && is_blank(text[length - 1]))
		length--;
	paste->text = text + lead;
	paste->length = length - lead;
	paste->word[0] = '\0';
	if (paste->length < sizeof(paste->word)) {
		memcpy(paste->word, paste->text, paste->length);
		paste->word[paste->length] = '\0';
	}
	return lead;
}

/* An old spelling is rejected, but the user can ask to have it read. */
static void point_at_option(const struct sdr_paste *paste, struct sdr_error *error)
{
	struct sdr_paste old = *paste;
	struct sdr_reading reading;
	old.how |= SDR_RECOGNISE_INET_ATON;
	if (!error || sdr_recognise_old(&old, &reading, NULL) != SDR_MATCH_TAKEN)
		return;
	size_t used = strlen(error->text);
	snprintf(error->text + used, sizeof(error->text) - used,
		", or have it read with --inet-aton");
}

static enum sdr_status refuse(const struct sdr_paste *paste, struct sdr_error *error)
{
	struct sdr_addr addr;
	if (paste->word[0] != '\0' || paste->length == 0) {
		enum sdr_status status = sdr_addr_parse(paste->word, &addr, error);
		point_at_option(paste, error);
		if (status != SDR_OK)
			return status;
		/* Its zone could not be looked at a moment ago. */
		sdr_error_set(error, 0, "%.80s: this host's interfaces could not be looked at",
			paste->word);
		return SDR_ESYSTEM;
	}
	sdr_error_set(error, 0,
		"\"%.40s...\" has no address in it; one looks like 192.0.2.1 or 2001:db8::1",
		paste->text);
	return SDR_EINVAL;
}

enum sdr_status sdr_recognise(
	const char *text, unsigned how, struct sdr_reading *reading, struct sdr_error *error)
{
	struct sdr_paste paste = {.how = how};
	size_t lead = trim(text, &paste);
	enum sdr_match match = SDR_MATCH_OTHER;
	/* Without its zone a text would have another form, or another fault. */
	enum sdr_status status = sdr_recognise_unseen(&paste, error);
	if (status != SDR_OK) {
		if (error)
			error->offset += lead;
		return status;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]) && paste.length > 0; i++) {
		struct sdr_reading read = {.size = paste.length};
		match = forms[i](&paste, &read, error);
		if (match == SDR_MATCH_OTHER)
			continue;
		if (match == SDR_MATCH_WRONG)
			break;
		read.offset += lead;
		*reading = read;
		return SDR_OK;
	}
	status = match == SDR_MATCH_WRONG ? SDR_EINVAL : refuse(&paste, error);
	if (error)
		error->offset += lead;
	return status;
}

struct sdr_prefix sdr_reading_prefix(const struct sdr_reading *reading)
{
	return (struct sdr_prefix){.addr = reading->addr,
		.length = reading->has_length ? reading->length
					      : (uint8_t)sdr_addr_bits(&reading->addr)};
}

/* ---- for display ---- */

static bool has_host_bits(const struct sdr_reading *reading)
{
	struct sdr_prefix prefix = sdr_reading_prefix(reading);
	struct sdr_addr host = sdr_prefix_host_part(&prefix);
	return !sdr_addr_is_any(&host);
}

static const char *network_phrase(const struct sdr_reading *reading)
{
	return has_host_bits(reading) ? "IPv%u network with host" : "IPv%u network";
}

static const char *address_phrase(const struct sdr_reading *reading)
{
	static const struct sdr_prefix mapped = {
		.addr = {.version = 6, .bytes = {[10] = 0xff, [11] = 0xff}}, .length = 96};
	if (sdr_prefix_contains(&mapped, &reading->addr))
		return "IPv4-mapped IPv%u address";
	return reading->addr.scope_id != 0 ? "IPv%u address with a zone" : "IPv%u address";
}

static const char *hardware_phrase(const struct sdr_reading *reading)
{
	return reading->hardware_length == 6
		? "hardware address (EUI-48, MAC), as IPv%u link-local address"
		: "hardware address (EUI-64), as IPv%u link-local address";
}

static const char *endpoint_phrase(const struct sdr_reading *reading)
{
	return reading->service[0] != '\0' ? "IPv%u address with port"
					   : "IPv%u address in brackets";
}

static const char *reverse_phrase(const struct sdr_reading *reading)
{
	return reading->has_length ? "reverse zone of an IPv%u network"
				   : "reverse name of an IPv%u address";
}

/* A kind has a phrase, or a function that chooses one; its %u is the version. */
static const struct {
	const char *phrase;
	const char *(*choose)(const struct sdr_reading *reading);
} phrases[SDR_READING_COUNT] = {
	[SDR_READING_ADDRESS] = {NULL, address_phrase},
	[SDR_READING_NETWORK] = {NULL, network_phrase},
	[SDR_READING_NETMASK] = {"IPv%u address with netmask", NULL},
	[SDR_READING_WILDCARD] = {"IPv%u address with wildcard (inverse mask)", NULL},
	[SDR_READING_RANGE] = {"range of IPv%u addresses", NULL},
	[SDR_READING_INTEGER] = {"integer, as IPv%u address", NULL},
	[SDR_READING_HARDWARE] = {NULL, hardware_phrase},
	[SDR_READING_ENDPOINT] = {NULL, endpoint_phrase},
	[SDR_READING_URL] = {"URL with an IPv%u address", NULL},
	[SDR_READING_REVERSE] = {NULL, reverse_phrase},
	[SDR_READING_OLD] = {"old spelling of an IPv%u address, as inet_aton() reads it", NULL},
	[SDR_READING_LINE] = {"line of text with an IPv%u address", NULL},
};

/* Writes the phrase with the version's digit in the place of its %u. */
static size_t put_phrase(char *out, size_t size, const char *phrase, unsigned version)
{
	const char *place = strstr(phrase, "%u");
	if (!place)
		return (size_t)snprintf(out, size, "%s", phrase);
	return (size_t)snprintf(
		out, size, "%.*s%u%s", (int)(place - phrase), phrase, version, place + 2);
}

const char *sdr_reading_format(char out[static SDR_READING_TEXT], const struct sdr_reading *reading)
{
	const char *phrase = phrases[reading->kind].phrase;
	if (!phrase)
		phrase = phrases[reading->kind].choose(reading);
	size_t used = put_phrase(out, SDR_READING_TEXT, phrase, reading->addr.version);
	if (reading->others > 0)
		used += (size_t)snprintf(out + used, SDR_READING_TEXT - used, ", the first of %u",
			reading->others + 1);
	if (reading->form)
		used += (size_t)snprintf(
			out + used, SDR_READING_TEXT - used, ", %s", reading->form);
	if (reading->zone[0] != '\0')
		used += (size_t)snprintf(out + used, SDR_READING_TEXT - used,
			"; this host has no zone %s", reading->zone);
	if (reading->either)
		snprintf(
			out + used, SDR_READING_TEXT - used, "; could also be %s", reading->either);
	return out;
}
