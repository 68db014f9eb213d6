/* host.c - `host`: a name's canonical name, aliases and addresses; of an address, its names. */
#include <stdio.h>

#include "cmd/many.h"
#include "cmd/name_lookup.h"
#include "cmd/options.h"
#include "sounder/app.h"

static void add_address(struct sdr_item *list, const struct sdr_addr *addr, int32_t ttl)
{
	char text[SDR_ADDR_TEXT];
	struct sdr_item *row = sdr_item_object(list, NULL, NULL);
	sdr_item_text(row, "address", "Address", sdr_addr_format(text, addr));
	if (ttl >= 0)
		sdr_item_integer(row, "ttl", "TTL", ttl)->unit = "s";
	else
		sdr_item_null(row, "ttl", "TTL");
}

static void fill(const struct sdr_lookup_job *job, const struct sdr_names_answer *answer,
	struct sdr_item *root)
{
	struct sdr_addr literal;
	sdr_item_text(root, "canonical_name", "Canonical name", answer->canonical_name);
	struct sdr_item *aliases = sdr_item_list(root, "aliases", "Aliases");
	for (const char *const *alias = answer->aliases; *alias; alias++)
		sdr_item_text(aliases, NULL, NULL, *alias);
	struct sdr_item *addresses = sdr_item_list(root, "addresses", "Addresses");
	addresses->show = SDR_SHOW_TABLE;
	for (unsigned i = 0; i < answer->count; i++)
		add_address(addresses, &answer->addresses[i].addr, answer->addresses[i].ttl);
	if (answer->count == 0 && answer->outcome == SDR_OUTCOME_OK &&
		sdr_addr_parse(job->word, &literal, NULL) == SDR_OK)
		add_address(addresses, &literal, -1);
	sdr_item_duration(root, "resolve_seconds", "Time", answer->elapsed)->show = SDR_SHOW_HIDDEN;
	sdr_lookup_fill(job, answer, root);
	sdr_item_text(root, "input", "Input", job->word)->show = SDR_SHOW_HIDDEN;
}

static enum sdr_status start(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_lookup_job job = {.call = call, .answers = *answers, .fill = fill};
	struct sdr_addr addr;
	enum sdr_status status = sdr_host_check(word, error);
	if (status != SDR_OK)
		return status;
	snprintf(job.word, sizeof(job.word), "%s", word);
	return sdr_lookup_start(&job, word, sdr_addr_parse(word, &addr, NULL) == SDR_OK, error);
}

static const char *const examples[] = {
	"host www.example.com",
	"its canonical name, its aliases, and its addresses in "
	"the order in which they would be tried",
	"host 127.0.0.1",
	"the names of an address",
	"host --json db1 --server 127.0.0.1:5353",
	"as JSON, by that name server",
	NULL,
};

const struct sdr_command cmd_host = {
	.name = "host",
	.arguments = "NAME|ADDRESS...",
	.sentence = "show a name's addresses and aliases, or an address's names",
	.details = "Looks in the hosts file, in DNS with the search list, and for this host's own "
		   "name, in the order and with the actions of nsswitch.conf and with the options "
		   "of resolv.conf; the addresses come in the order in which this host's libc "
		   "would try them (gai.conf). --server asks that name server alone. "
		   "A name server that fails is skipped for the next; failed servers, "
		   "and an address family without an answer, are shown. "
		   "TTL is how long an answer of DNS may be kept; "
		   "entries of the hosts file have none. "
		   "The word - stands for lines of standard input, a name each: --window of them "
		   "are asked at a time, and answered as they come.\n\n"
		   "JSON has an object a word: canonical_name, aliases, addresses [{address, "
		   "ttl}], resolve_seconds, note, outcome, why, partial (which family gave no "
		   "answer), omitted (how many more there are), query_seconds, waited_seconds, "
		   "not_followed, attempts, input.\n\n"
		   "Exit status: 0 where something was found; 1 where there is nothing; 2 "
		   "where the name servers could not answer, or a file of the "
		   "configuration is there and could not be read, or for bad text.",
	.examples = examples,
	.options = {sdr_options_names, sdr_lookup_options, sdr_options_many, sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.parts = SDR_PART_NAMES,
	.complete = SDR_COMPLETE_HOST,
	.make = sdr_many_take,
	.lookup = {.each_word = true, .start = start, .cancel = sdr_lookup_cancel},
};
