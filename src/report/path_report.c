/* path_report.c - a path in the form of mtr's report. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/mtr_text.h"
#include "report/report.h"
#include "sounder/path.h"

#define HOST_TEXT 256
#define AS_TEXT 16

/* What the rows of a report point to. */
struct texts {
	struct sdr_mtr_host hosts[SDR_PATH_ADDRESSES];
	char addresses[SDR_PATH_ADDRESSES][SDR_ADDR_TEXT];
	char as[AS_TEXT];
};

static double loss_of(const struct sdr_path_hop *hop)
{
	uint64_t ended = hop->received + hop->lost;
	if (hop->addr.version == 0)
		return 100;
	return ended > 0 ? 100.0 * (double)hop->lost / (double)ended : 0;
}

/* The first address by its name, where that is known. */
static const char *name_of(
	const struct sdr_path_hop *hop, unsigned number, char address[static SDR_ADDR_TEXT])
{
	return number == 0 && hop->name[0] ? hop->name
					   : sdr_addr_format(address, &hop->addrs[number]);
}

static void fill_row(const struct sdr_path_hop *hop, unsigned number, struct texts *texts,
	struct sdr_mtr_row *row)
{
	if (hop->as != 0)
		snprintf(texts->as, sizeof(texts->as), "AS%u", hop->as);
	for (unsigned i = 0; i < hop->addr_count; i++)
		texts->hosts[i] = (struct sdr_mtr_host){name_of(hop, i, texts->addresses[i]),
			hop->as != 0 && i == 0 ? texts->as : NULL};
	*row = (struct sdr_mtr_row){.hop = number,
		.hosts = texts->hosts,
		.host_count = hop->addr_count,
		.loss = loss_of(hop),
		.sent = hop->sent,
		.last = hop->last,
		.average = hop->average,
		.best = hop->least,
		.worst = hop->most,
		.deviation = hop->deviation};
}

static void print(struct sdr_out *out, const struct sdr_path *path, struct sdr_mtr_report *report)
{
	struct texts *texts = calloc(path->count + 1, sizeof(*texts));
	struct sdr_mtr_row *rows = calloc(path->count + 1, sizeof(*rows));
	if (!texts || !rows)
		sdr_out_fail(out, ENOMEM);
	for (unsigned i = 0; texts && rows && i < path->count; i++) {
		fill_row(&path->hops[i], i + 1, &texts[i], &rows[i]);
		report->as = report->as || path->hops[i].as != 0;
	}
	report->rows = rows;
	report->count = path->count;
	if (texts && rows)
		sdr_mtr_text(out, report);
	free(texts);
	free(rows);
}

void sdr_path_report(
	struct sdr_out *out, const struct sdr_target *target, bool wide, sdr_wall start)
{
	char host[HOST_TEXT] = "";
	struct sdr_path path = {0};
	struct sdr_mtr_report report = {
		.host = host, .start = (time_t)(start / SDR_SECOND), .wide = wide};
	if (gethostname(host, sizeof(host)) != 0)
		sdr_out_fail(out, errno);
	host[sizeof(host) - 1] = '\0';
	(void)!sdr_path_view(target, &path);
	print(out, &path, &report);
}
