/* ask.c - a question as it is typed: the name, the types, how it is put, how long it may take. */
#include "dns/ask.h"

#include <string.h>

#include "dns/view_set.h"

enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_AAAA = 28 };

enum sdr_status sdr_ask_types(const char *host, const char *const *words,
	uint16_t types[static SDR_QUESTIONS_TYPES], unsigned *count, struct sdr_error *error)
{
	struct sdr_addr addr;
	unsigned n = 0;
	bool address = sdr_addr_parse(host, &addr, NULL) == SDR_OK;
	if (!words) {
		types[0] = address ? TYPE_PTR : TYPE_A;
		types[1] = TYPE_AAAA;
		*count = address ? 1 : 2;
		return SDR_OK;
	}
	for (const char *const *word = words; *word; word++) {
		uint16_t type;
		enum sdr_status status = sdr_message_type_parse(*word, &type, error);
		if (status != SDR_OK)
			return status;
		if (n == SDR_QUESTIONS_TYPES) {
			sdr_error_set(error, 0, "too many types; %d at once at most",
				SDR_QUESTIONS_TYPES);
			return SDR_ERANGE;
		}
		types[n++] = type;
	}
	*count = n;
	return SDR_OK;
}

enum sdr_status sdr_ask_name(
	const char *host, char name[static SDR_MESSAGE_NAME], struct sdr_error *error)
{
	struct sdr_addr addr;
	if (sdr_addr_parse(host, &addr, NULL) == SDR_OK) {
		sdr_message_reverse(name, &addr);
		return SDR_OK;
	}
	return sdr_message_name(name, host, error);
}

/* An address is a network of its own. */
static enum sdr_status subnet_take(
	const char *text, struct sdr_prefix *subnet, struct sdr_error *error)
{
	struct sdr_error why = {0};
	enum sdr_status status = SDR_OK;
	if (strchr(text, '/'))
		status = sdr_prefix_parse(text, subnet, &why);
	else if ((status = sdr_addr_parse(text, &subnet->addr, &why)) == SDR_OK)
		subnet->length = (uint8_t)sdr_addr_bits(&subnet->addr);
	if (status == SDR_OK && subnet->addr.scope_id != 0) {
		sdr_error_set(&why, 0, "'%s' has a zone, which no server knows", text);
		status = SDR_EINVAL;
	}
	if (status != SDR_OK)
		sdr_error_set(error, 0, "--subnet: %s", why.text);
	return status;
}

enum sdr_status sdr_ask_manner(
	const struct sdr_dns_options *given, struct sdr_manner *manner, struct sdr_error *error)
{
	*manner = (struct sdr_manner){.no_recurse = given->no_recurse,
		.checking_disabled = given->checking_disabled,
		.no_edns = given->no_edns,
		.dnssec = given->dnssec,
		.nsid = given->nsid,
		.cookie = given->cookie,
		.size = (uint16_t)given->bufsize};
	if (!given->subnet)
		return SDR_OK;
	return subnet_take(given->subnet, &manner->subnet, error);
}

enum sdr_status sdr_ask_is_expected(
	const struct sdr_questions_result *result, const char *const *expected, bool *good)
{
	struct view_set set = {.types = result->count};
	uint16_t types[SDR_QUESTIONS_TYPES];
	enum sdr_status status = SDR_OK;
	for (unsigned i = 0; i < result->count; i++) {
		const struct sdr_reply *reply = &result->replies[i];
		const struct sdr_record *record = NULL;
		types[i] = reply->type;
		while (status == SDR_OK && reply->outcome == SDR_OUTCOME_OK &&
			(record = sdr_message_next(
				 reply->message, &reply->chain, reply->type, record)))
			status = sdr_view_add(&set, i, record->type, record->data);
	}
	*good = status == SDR_OK && sdr_view_is_expected(&set, types, expected);
	sdr_view_set_free(&set);
	return status;
}

void sdr_ask_times(struct sdr_names *names, struct sdr_questions_spec *ask)
{
	bool usual = ask->budget == SDR_ASK_TIMEOUT;
	sdr_names_take_options(names, ask);
	if (ask->tries == 0)
		ask->tries = SDR_ASK_TRIES;
	if (ask->timeout == 0)
		ask->timeout = ask->budget / ask->tries > SDR_EXCHANGE_TIMEOUT
			? ask->budget / ask->tries
			: SDR_EXCHANGE_TIMEOUT;
	if (usual && ask->budget < ask->timeout * ask->tries)
		ask->budget = ask->timeout * ask->tries;
}
