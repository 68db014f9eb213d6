/* Where memory ends: each allocation of a piece of work fails once. It then reports that, and
 * leaves nothing half done; else it does all of its work. Row H10's kin; whole commands are looked
 * at by tests/faults/memory.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/ring.h"
#include "dns/hosts_file.h"
#include "lib/skip.h"
#include "model/model.h"
#include "net/prefix_set.h"
#include "net/space.h"
#include "probe/pace.h"
#include "report/report.h"
#include "sounder/out.h"
#include "sounder/sanitize.h"
#include "sounder/sheet.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#endif

/* How many allocations succeed before one fails; below 0: all do. */
static long left = -1;
static unsigned refused;

static bool refuse(void)
{
	bool now = left == 0;
	left -= left >= 0;
	refused += now;
	errno = now ? ENOMEM : errno;
	return now;
}

#ifndef SANITIZED /* the sanitizer has an allocator of its own */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	return refuse() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return refuse() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return refuse() ? NULL : __libc_realloc(old, size);
}
#endif

/* Does the work with the first allocation failing, then the second, and so on, until none was left
 * to fail. The work returns whether it was done, and checks itself that what was done is right: the
 * C library's printing makes do without some memory. */
static void each_allocation_fails(bool (*work)(void))
{
#ifdef SANITIZED
	(void)work;
	(void)refuse;
	SKIP_BECAUSE("the sanitizer has an allocator of its own");
#else
	unsigned undone = 0;
	for (long n = 0; n < 5000; n++) {
		refused = 0;
		left = n;
		bool done = work();
		left = -1;
		if (refused == 0) {
			assert_true(done && n > 0);
			assert_true(undone > 0);
			return;
		}
		undone += !done;
	}
	fail_msg("it never ended");
#endif
}

/* ---- base ---- */

static bool is_text(const struct sdr_item *item, const char *text)
{
	return item && item->kind == SDR_ITEM_TEXT && strcmp(item->value.bytes, text) == 0;
}

static bool fill_sheet(struct sdr_sheet *sheet)
{
	struct sdr_item *list = sdr_item_list(sdr_sheet_root(sheet), "list", "List");
	for (int i = 0; i < 60; i++) {
		struct sdr_item *row = sdr_item_object(list, NULL, NULL);
		sdr_item_text(row, "text", NULL, "a text of some length, so that chunks fill up");
		sdr_item_format(row, "number", NULL, "%d", i)->unit = "ms";
	}
	return !sdr_sheet_failed(sheet);
}

static void check_sheet(const struct sdr_sheet *sheet)
{
	int i = 0;
	const struct sdr_item *list = sdr_item_find(sdr_sheet_view(sheet), "list");
	for (const struct sdr_item *row = list->first; row; row = row->next, i++) {
		char number[8];
		snprintf(number, sizeof(number), "%d", i);
		assert_true(is_text(sdr_item_find(row, "number"), number));
		assert_string_equal(sdr_item_find(row, "number")->unit, "ms");
	}
	assert_int_equal(i, 60);
}

static bool sheet_work(void)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return false;
	bool filled = fill_sheet(sheet);
	struct sdr_sheet *copy = filled ? sdr_sheet_copy(sheet) : NULL;
	if (filled)
		check_sheet(sheet);
	if (copy)
		check_sheet(copy);
	bool done = copy;
	sdr_sheet_free(copy);
	sdr_sheet_free(sheet);
	return done;
}

static void a_sheet_is_whole_or_reports_failure(void **state)
{
	(void)state;
	each_allocation_fails(sheet_work);
}

static bool containers_work(void)
{
	struct sdr_ring ring = {0}, copy = {0};
	struct sdr_arena *arena = sdr_arena_new();
	char *text = sdr_arena_text(arena, "abc", 3);
	enum sdr_status status = arena && text ? SDR_OK : SDR_ENOMEM;
	if (status == SDR_OK)
		status = sdr_ring_init(&ring, 8, sizeof(int));
	if (status == SDR_OK)
		status = sdr_ring_copy(&copy, &ring);
	sdr_ring_done(&copy);
	sdr_ring_done(&ring);
	sdr_arena_free(arena);
	assert_true(status == SDR_OK || status == SDR_ENOMEM);
	return status == SDR_OK;
}

static void containers_keep_what_they_have(void **state)
{
	(void)state;
	each_allocation_fails(containers_work);
}

static FILE *sink;

static bool out_work(void)
{
	struct sdr_out out;
	char big[3000];
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	char *clean = sdr_sanitize_new(big, sizeof(big) - 1, NULL);
	bool done = clean;
	free(clean);
	sdr_out_init(&out, sink, SDR_COLOUR_NEVER);
	sdr_out_put(&out, SDR_TONE_PLAIN, "%s", big);
	assert_true(!out.failed || out.failure == ENOMEM);
	return done && !out.failed;
}

static void text_that_could_not_be_written_is_a_failure(void **state)
{
	(void)state;
	static char buffer[BUFSIZ];
	sink = fopen("/dev/null", "we");
	setvbuf(sink, buffer, _IOFBF, sizeof(buffer));
	each_allocation_fails(out_work);
	fclose(sink);
}

/* ---- net, dns, probe ---- */

static const char *const networks[] = {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "192.0.2.0/24",
	"192.0.2.128/25", "2001:db8::/32", "2001:db8:1::/48", "::/0", "172.16.0.0/12"};
enum { NETWORKS = sizeof(networks) / sizeof(*networks) };

static bool networks_work(void)
{
	struct sdr_prefix prefixes[NETWORKS];
	for (int i = 0; i < NETWORKS; i++)
		assert_int_equal(sdr_prefix_parse(networks[i], &prefixes[i], NULL), SDR_OK);
	struct sdr_prefix_set *set = sdr_prefix_set_new(prefixes, NETWORKS);
	struct sdr_space space = {0}, less = {0};
	struct sdr_pool pool = {0};
	struct sdr_prefix taken;
	struct sdr_range hole;
	char count[SDR_COUNT_TEXT];
	enum sdr_status status = set ? SDR_OK : SDR_ENOMEM;
	for (int i = 0; i < 40 && status == SDR_OK; i++) {
		struct sdr_prefix one = prefixes[i % NETWORKS];
		one.addr.bytes[3] = (uint8_t)i;
		struct sdr_range range = sdr_range_of(&one);
		status = sdr_space_add(&space, &range);
	}
	sdr_space_join(&space);
	assert_int_equal(sdr_range_parse("10.5.0.0/16", &hole, NULL), SDR_OK);
	if (status == SDR_OK)
		status = sdr_space_add(&less, &hole);
	if (status == SDR_OK)
		status = sdr_space_subtract(&space, &less);
	if (status == SDR_OK)
		assert_string_equal(sdr_space_count(count, &space, 4), "17760512");
	if (status == SDR_OK)
		status = sdr_pool_add(&pool, &prefixes[0]);
	for (int i = 0; i < 20 && status == SDR_OK; i++) {
		status = sdr_pool_take(&pool, 24, &taken);
		if (status == SDR_OK)
			assert_int_equal(taken.addr.bytes[2], i);
	}
	sdr_pool_done(&pool);
	sdr_space_done(&less);
	sdr_space_done(&space);
	sdr_prefix_set_free(set);
	assert_true(status == SDR_OK || status == SDR_ENOMEM);
	return status == SDR_OK;
}

static void networks_are_all_there_or_none(void **state)
{
	(void)state;
	each_allocation_fails(networks_work);
}

static bool pace_work(void)
{
	struct pace pace;
	uint32_t ids[64], n = 0, added = 0;
	sdr_pace_init(&pace, 1000000);
	while (added < 60 && sdr_pace_add(&pace, added, SDR_SECOND, false) == SDR_OK)
		added++;
	for (uint32_t i = 0; i < 60; i++)
		assert_int_equal(sdr_pace_has(&pace, i), i < added);
	for (sdr_ns now = 0; now < SDR_SECOND / 2; now += SDR_MS)
		n += sdr_pace_pull(&pace, now, ids, 64);
	assert_int_equal(n, added);
	sdr_pace_done(&pace);
	return added == 60;
}

static void a_target_is_paced_or_refused(void **state)
{
	(void)state;
	each_allocation_fails(pace_work);
}

static bool hosts_work(void)
{
	struct sdr_hosts_match match;
	struct sdr_hosts *hosts = sdr_hosts_new("10.0.0.1 db1 a b c\n10.0.0.2 db2\n::1 db2\n");
	if (!hosts)
		return false;
	assert_true(sdr_hosts_find(hosts, "db2", 0, &match));
	assert_int_equal(match.count, 2);
	sdr_hosts_free(hosts);
	return true;
}

static void a_hosts_file_is_whole(void **state)
{
	(void)state;
	each_allocation_fails(hosts_work);
}

/* ---- model ---- */

static const struct sdr_field fields[] = {{.name = "text", .kind = SDR_FIELD_TEXT, .brief = true}};
static const struct sdr_probe_type rich = {.name = "rich", .fields = fields, .field_count = 1};
static const struct sdr_spec spec = {
	.type = &rich, .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND};
enum { TARGETS = 20 };

static void give_all(struct sdr_sink *to, const struct sdr_target *targets)
{
	for (uint64_t sequence = 1; sequence <= 5; sequence++)
		for (int i = 0; i < TARGETS; i++) {
			struct sdr_result result = {.sequence = sequence,
				.sent = (sdr_ns)sequence * SDR_SECOND,
				.rtt = sequence < 5 ? SDR_MS : SDR_NS_NONE,
				.outcome = sequence < 5 ? SDR_OUTCOME_OK : SDR_OUTCOME_REFUSED,
				.why = sequence < 5 ? NULL : "closed"};
			const struct sdr_value value = {.present = true, .text = "value"};
			result.values = &value;
			result.value_count = 1;
			to->on_result(to->context, &targets[i], &result);
		}
}

/* What was counted is right; words may be missing where there was no memory for them. */
static bool check_rows(const struct sdr_model *model)
{
	bool whole = true;
	for (uint32_t i = 0; i < sdr_model_count(model); i++) {
		struct sdr_row row;
		sdr_model_row(model, i, &row);
		assert_true(row.received == 4 && row.lost == 1);
		assert_int_equal(row.outcome, SDR_OUTCOME_REFUSED);
		assert_true(!row.why || strcmp(row.why, "closed") == 0);
		const char *text = sdr_model_value(model, i, 0)->text;
		assert_true(!text || strcmp(text, "value") == 0);
		whole = whole && row.why && text;
	}
	return whole;
}

static bool model_work(void)
{
	static struct sdr_target targets[TARGETS];
	struct sdr_model *model = sdr_model_new();
	if (!model)
		return false;
	struct sdr_sink to = sdr_model_sink(model);
	for (uint32_t i = 0; i < TARGETS; i++) {
		targets[i] = (struct sdr_target){.id = i * 3,
			.phase = SDR_PHASE_RUNNING,
			.spec = &spec,
			.typed = "db1",
			.name = "db1",
			.why = ""};
		uint64_t events = sdr_model_event_count(model);
		uint32_t count = sdr_model_count(model);
		to.on_target(to.context, &targets[i], SDR_TARGET_ADDED);
		if (sdr_model_count(model) == count) {
			assert_true(sdr_model_event_count(model) == events + 1);
			assert_string_equal(
				sdr_model_event(model, 0)->text, "not shown: out of memory");
		}
	}
	bool all = sdr_model_count(model) == TARGETS;
	give_all(&to, targets);
	bool whole = check_rows(model);
	struct sdr_model *copy = sdr_model_freeze(model);
	if (copy) {
		assert_int_equal(sdr_model_count(copy), sdr_model_count(model));
		assert_int_equal(check_rows(copy), whole);
	}
	bool frozen = copy;
	sdr_model_thaw(copy);
	for (uint32_t i = 0; i < TARGETS; i++)
		to.on_target(to.context, &targets[i], SDR_TARGET_REMOVED);
	assert_int_equal(sdr_model_count(model), 0);
	sdr_model_free(model);
	return all && whole && frozen;
}

static void the_model_reports_what_it_cannot_show(void **state)
{
	(void)state;
	each_allocation_fails(model_work);
}

/* ---- report ---- */

/* Two of fping's targets with a few probes each, and their summaries. The texts are compared by
 * their length: each line that is missing makes them shorter. */
static size_t fping_lines(struct sdr_out *out)
{
	static const struct sdr_probe_type type = {.name = "ping", .label = "ping"};
	static const struct sdr_spec asked = {.type = &type};
	static const struct sdr_target target = {.spec = &asked, .typed = "db1"};
	static char text[4096];
	FILE *file = fmemopen(text, sizeof(text), "w");
	if (!file)
		return 0;
	setvbuf(file, NULL, _IONBF, 0);
	*out = (struct sdr_out){.file = file};
	struct sdr_report report = {
		.format = &sdr_report_fping, .out = out, .err = out, .all_times = true};
	for (uint32_t i = 0; i < 40; i++) {
		report.row = i % 2 * 20;
		sdr_report_fping.probe(&report, &target,
			&(struct sdr_result){.sequence = i / 2 + 1, .rtt = SDR_MS});
	}
	for (report.row = 0; report.row <= 20; report.row += 20)
		sdr_report_fping.summary(
			&report, &target, &(struct sdr_totals){.transmitted = 20}, NULL);
	sdr_report_done(&report);
	long length = ftell(file);
	fclose(file);
	return length > 0 ? (size_t)length : 0;
}

static bool fping_work(void)
{
	static size_t whole;
	struct sdr_out out;
	const long failing = left;
	left = -1;
	whole = whole ? whole : fping_lines(&out);
	left = failing;
	out.failed = true; /* where not even a file is to be had */
	size_t length = fping_lines(&out);
	assert_true(out.failed || length == whole);
	return !out.failed;
}

static void fping_loses_no_line_in_silence(void **state)
{
	(void)state;
	each_allocation_fails(fping_work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sheet_is_whole_or_reports_failure),
		cmocka_unit_test(containers_keep_what_they_have),
		cmocka_unit_test(text_that_could_not_be_written_is_a_failure),
		cmocka_unit_test(networks_are_all_there_or_none),
		cmocka_unit_test(a_target_is_paced_or_refused),
		cmocka_unit_test(a_hosts_file_is_whole),
		cmocka_unit_test(the_model_reports_what_it_cannot_show),
		cmocka_unit_test(fping_loses_no_line_in_silence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
