/* attempt.c - tries as a list of a sheet. */
#include "sounder/attempt.h"

#include <stdio.h>

static void add_icmp(struct sdr_item *entry, const char *key, int value)
{
	if (value < 0)
		sdr_item_null(entry, key, NULL);
	else
		sdr_item_integer(entry, key, NULL, value);
}

static void add_one(struct sdr_item *list, const char *who, const struct sdr_attempt *attempt)
{
	char endpoint[SDR_ENDPOINT_TEXT], router[SDR_ADDR_TEXT];
	struct sdr_item *entry = sdr_item_object(list, NULL, NULL);
	bool has_router = attempt->router.version != 0;
	sdr_item_text(entry, who, NULL, sdr_endpoint_format(endpoint, &attempt->to));
	sdr_item_text(entry, "transport", NULL, attempt->transport);
	sdr_item_duration(entry, "began_seconds", NULL, attempt->began);
	sdr_item_text(
		entry, "outcome", NULL, attempt->open ? NULL : sdr_outcome_word(attempt->outcome));
	sdr_item_text(entry, "errno", NULL, attempt->error_name);
	add_icmp(entry, "icmp_type", attempt->icmp_type);
	add_icmp(entry, "icmp_code", attempt->icmp_code);
	sdr_item_text(entry, "router", NULL,
		has_router ? sdr_addr_format(router, &attempt->router) : NULL);
	sdr_item_duration(entry, "took_seconds", NULL, attempt->open ? SDR_NS_NONE : attempt->took);
}

void sdr_attempts_write(struct sdr_item *parent, const char *who,
	const struct sdr_attempt *attempts, unsigned count)
{
	struct sdr_item *list = sdr_item_list(parent, "attempts", NULL);
	list->show = SDR_SHOW_HIDDEN;
	for (unsigned i = 0; i < count; i++)
		add_one(list, who, &attempts[i]);
}

static bool answered(const struct sdr_attempt *attempt)
{
	return !attempt->open &&
		(attempt->outcome == SDR_OUTCOME_OK || attempt->outcome == SDR_OUTCOME_NXDOMAIN ||
			attempt->outcome == SDR_OUTCOME_NODATA);
}

static bool same_server(const struct sdr_attempt *a, const struct sdr_attempt *b)
{
	return a->to.port == b->to.port && sdr_addr_compare(&a->to.addr, &b->to.addr) == 0;
}

/* Whether it adds nothing: an earlier one is the same (from the other of a name's two questions),
 * or the server did answer in another try. */
static bool is_repeated(const struct sdr_attempt *attempts, unsigned count, unsigned index)
{
	for (unsigned i = 0; i < count; i++)
		if (same_server(&attempts[i], &attempts[index]) &&
			(answered(&attempts[i]) ||
				(i < index && !attempts[i].open &&
					attempts[i].outcome == attempts[index].outcome)))
			return true;
	return false;
}

void sdr_attempts_failed(char *out, size_t size, const struct sdr_attempt *attempts, unsigned count)
{
	bool any = false;
	size_t length = 0;
	out[0] = '\0';
	for (unsigned i = 0; i < count; i++)
		any = any || answered(&attempts[i]);
	for (unsigned i = 0; i < count && any && length < size; i++) {
		char endpoint[SDR_ENDPOINT_TEXT];
		if (attempts[i].open || answered(&attempts[i]) || is_repeated(attempts, count, i))
			continue;
		int wrote = snprintf(out + length, size - length, "%s%s: %s",
			length > 0 ? ", " : "", sdr_endpoint_format(endpoint, &attempts[i].to),
			sdr_outcome_label(attempts[i].outcome));
		length += wrote > 0 ? (size_t)wrote : 0;
	}
}
