/* test_ui_names_apart.c - names that are shortened never read alike, alone and on the screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cpu_time.h"
#include "lib/random.h"
#include "model/model.h"
#include "names_apart.h"
#include "places.h"
#include "sounder/sanitize.h"
#include "ui_test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t seed = 20261129;

static unsigned below(unsigned limit)
{
	return random_below(&seed, limit);
}

/* ---- what is shown of some ---- */

static void test_cuts_where_names_agree(void **state)
{
	static const struct {
		int room;
		const char *texts[4], *shown[4];
	} cases[] = {{16,
			     {"edge-fra-rack3-node-101.example", "edge-fra-rack3-node-102.example",
				     "edge-fra-rack3-node-111.example", "db2"},
			     {"…rack3-node-101…", "…rack3-node-102…", "…rack3-node-111…", "db2"}},
		{18,
			{"edge-fra-rack3-node-101.example", "edge-fra-rack4-node-101.example",
				"edge-fra-rack4-node-102.example", "a"},
			{"…rack3-node-101…", "…rack4-node-101…", "…rack4-node-102…", "a"}},
		{13, {"db-primary-1.corp.example", "db-primary-2.corp.example", "x", "y"},
			{"db-primary-1…", "db-primary-2…", "x", "y"}},
		{14, {"www.example.org:8080", "www.example.org:8443", "x", "y"},
			{"www.exa…g:8080", "www.exa…g:8443", "x", "y"}},
		{10, {"a-single-very-long-name", "b", "c", "d"}, {"a-sin…name", "b", "c", "d"}},
		{6, {"aaaaaaaaaa1bbbbbbbbbbb", "aaaaaaaaaa2bbbbbbbbbbb", "x", "y"},
			{"aaa…bb", "aaa…~2", "x", "y"}}};
	(void)state;
	for (size_t c = 0; c < COUNT(cases); c++) {
		struct ui_apart names[4] = {0};
		for (unsigned i = 0; i < 4; i++) {
			snprintf(names[i].text, sizeof(names[i].text), "%s", cases[c].texts[i]);
			names[i].room = cases[c].room;
		}
		ui_names_apart(names, 4, false);
		for (unsigned i = 0; i < 4; i++)
			assert_string_equal(names[i].shown, cases[c].shown[i]);
	}
}

/* ---- random names ---- */

/* A name of a set whose names share a beginning, an end, a port, or all three. */
static void make_name(char *out, size_t size, unsigned shape)
{
	static const char *const starts[] = {"edge-fra-rack", "db", "very-long-prefix-of-a-name-",
		"www.", "n", "node-in-some-rack-of-the-third-room-"},
				 *const ends[] = {".example", "", ".corp.internal.example.org",
					 "-prod.eu-central-1.example", ":8080", ".a"};
	const char *start = starts[shape % COUNT(starts)], *end = ends[shape / 7 % COUNT(ends)];
	if (shape & 1)
		snprintf(out, size, "%s%u-node-%u%s", start, below(4), below(30), end);
	else if (shape & 2)
		snprintf(out, size, "%s%u%s:%u", start, below(9), end, below(3) * 363 + 80);
	else
		snprintf(out, size, "%s%x%s", start, below(65536), end);
}

static void test_random_names(void **state)
{
	(void)state;
	for (unsigned set = 0; set < 3000; set++) {
		struct ui_apart names[60];
		unsigned count = 2 + below(58), shape = below(1000);
		bool ascii = below(8) == 0;
		int room = 6 + (int)below(40) + (ascii ? 4 : 0);
		for (unsigned i = 0; i < count; i++) {
			make_name(names[i].text, sizeof(names[i].text),
				below(4) ? shape : below(1000));
			names[i].room = room;
		}
		ui_names_apart(names, count, ascii);
		for (unsigned i = 0; i < count; i++) {
			assert_true(sdr_text_cells(names[i].shown) <= room);
			if (sdr_text_cells(names[i].text) <= room)
				assert_string_equal(names[i].shown, names[i].text);
			for (unsigned j = 0; j < i; j++)
				if (strcmp(names[i].shown, names[j].shown) == 0 &&
					strcmp(names[i].text, names[j].text) != 0)
					fail_msg("%s and %s are %s at %d", names[i].text,
						names[j].text, names[i].shown, room);
		}
	}
}

#define NARROW 40

static double least_ms(unsigned count)
{
	struct ui_apart *names = calloc(count, sizeof(*names));
	double least = 1e9;
	assert_non_null(names);
	for (unsigned run = 0; run < 5; run++) {
		for (unsigned i = 0; i < count; i++) {
			snprintf(names[i].text, sizeof(names[i].text), "prefix-%u%u%u%u-%u.example",
				below(1u << 31), below(1u << 31), below(1u << 31), below(1u << 31),
				i);
			names[i].room = 8;
		}
		double start = cpu_ms();
		ui_names_apart(names, count, false);
		double took = cpu_ms() - start;
		least = took < least ? took : least;
	}
	free(names);
	return least;
}

/* Where nothing that sets them apart has room, each try finds that out in its first name: four
 * times as many take some 16 times as long; were all compared with all in each, 64 times. */
static void test_cost_of_a_narrow_column(void **state)
{
	double few = least_ms(NARROW), many = least_ms(4 * NARROW);
	(void)state;
	print_message("%d names %.2f ms, %d names %.2f ms\n", NARROW, few, 4 * NARROW, many);
	assert_true(many < few * 40);
}

/* ---- on the screen ---- */

#define MOST 40

struct scene {
	struct ui_test test;
	struct sdr_target targets[MOST];
	struct sdr_spec specs[MOST];
	char names[MOST][128], lines[MOST][256];
	unsigned count;
};

/* Probes of several kinds; of some several of one name, by other servers, or the very same. */
static void make_target(struct scene *scene, unsigned i, unsigned shape)
{
	static const char *const types[] = {"ping", "http", "dns", "tcp"};
	unsigned type = below(4), again = i > 0 && below(3) == 0 ? below(i) : i;
	char *name = scene->names[i], server[32] = "";
	if (again != i)
		memcpy(name, scene->names[again], sizeof(scene->names[i]));
	else
		make_name(name, sizeof(scene->names[i]), shape);
	if (below(2))
		snprintf(server, sizeof(server), "--server 10.77.0.%u ", below(3));
	snprintf(scene->lines[i], sizeof(scene->lines[i]), "%s %s%s", types[type], server, name);
	scene->specs[i] = (struct sdr_spec){.type = sdr_probe_find(types[type]),
		.interval = SDR_SECOND,
		.target = name,
		.line = scene->lines[i]};
	scene->targets[i] = (struct sdr_target){.id = i,
		.phase = SDR_PHASE_RUNNING,
		.why = "",
		.spec = &scene->specs[i],
		.typed = name,
		.host = name,
		.name = name};
}

static void fill(struct scene *scene)
{
	struct sdr_sink sink = sdr_model_sink(sdr_app_model(scene->test.app));
	unsigned shape = below(1000);
	scene->count = 2 + below(MOST - 2);
	for (unsigned i = 0; i < scene->count; i++) {
		make_target(scene, i, shape);
		sink.on_target(sink.context, &scene->targets[i], SDR_TARGET_ADDED);
	}
}

static void empty(struct scene *scene)
{
	struct sdr_sink sink = sdr_model_sink(sdr_app_model(scene->test.app));
	for (unsigned i = 0; i < scene->count; i++)
		sink.on_target(sink.context, &scene->targets[i], SDR_TARGET_REMOVED);
}

/* Lines of targets, which all are new and have no figures: they differ in what they are called
 * alone. */
static unsigned check_lines(const char *picture, unsigned set, int width)
{
	const char *lines[64];
	unsigned count = 0;
	for (const char *at = picture; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		const char *sign = at + strspn(at, " ");
		if (strncmp(sign, "·", strlen("·")) == 0 && count < COUNT(lines))
			lines[count++] = sign;
	}
	for (unsigned i = 0; i < count; i++)
		for (unsigned j = 0; j < i; j++) {
			size_t length = strcspn(lines[i], "\n");
			if (length == strcspn(lines[j], "\n") &&
				memcmp(lines[i], lines[j], length) == 0)
				fail_msg("set %u, width %d:\n%.*s\n%s", set, width, (int)length,
					lines[i], picture);
		}
	return count;
}

static void test_no_two_rows_read_alike(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	unsigned seen = 0;
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	for (unsigned set = 0; set < 1000; set++) {
		int width = 40 + (int)below(161);
		ui_test_open(&scene->test, "xterm-256color", 44, width);
		fill(scene);
		for (unsigned panel = 0; panel < 6; panel++) {
			ui_focus(&scene->test.ui, panel);
			seen += check_lines(ui_test_draw(&scene->test), set, width);
		}
		ui_do(&scene->test.ui, "panel ping");
		ui_do(&scene->test.ui, "group-by group");
		seen += check_lines(ui_test_draw(&scene->test), set, width);
		empty(scene);
		ui_test_close(&scene->test);
	}
	assert_true(seen > 20000);
	free(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cuts_where_names_agree),
		cmocka_unit_test(test_random_names), cmocka_unit_test(test_cost_of_a_narrow_column),
		cmocka_unit_test(test_no_two_rows_read_alike)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
