/* page_facts.c - the lines at the head of a host's page: a sentence, and facts by labels. */
#include "page_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "slow_why.h"
#include "sounder/engine.h"
#include "sounder/groups.h"
#include "sounder/path.h"
#include "state_look.h"

#define FACT_TEXT 320
#define LABEL_AT 2
#define TEXT_AT 11
#define FAULTS 2    /* that are named */
#define KINDS 16    /* of them that are looked at */
#define ADDRESSES 4 /* likewise */

/* In the order that they are drawn in; with the lowest rank they are kept longest. */
enum fact { SINCE, BECAUSE, NOT, TRY, ADDRESS, CERTIFICATE, NAMES, PATH, FACT_COUNT };

static const struct {
	const char *label;
	int rank;
} facts[FACT_COUNT] = {
	[SINCE] = {"since", 2},
	[BECAUSE] = {"because", 0},
	[NOT] = {"not", 3},
	[TRY] = {"try", 1},
	[ADDRESS] = {"address", 7},
	[CERTIFICATE] = {"cert", 4},
	[NAMES] = {"names", 6},
	[PATH] = {"path", 5},
};

struct sheet_of_facts {
	struct ui_monitors *shown;
	const struct ui_page_host *host;
	struct ui *ui;
	uint32_t position; /* the worst target's */
	struct sdr_row worst;
	char texts[FACT_COUNT][FACT_TEXT]; /* "": it is not known */
	enum ui_style styles[FACT_COUNT];
};

/* The next target's row, from `*number` on. */
static bool next_row(const struct sheet_of_facts *f, uint32_t *number, struct sdr_row *row)
{
	if (*number >= f->shown->table.count)
		return false;
	sdr_model_row(ui_model(f->ui), ui_monitors_position(f->shown, (*number)++), row);
	return true;
}

static bool is_of(const struct sdr_row *row, const char *type)
{
	return strcmp(row->target->spec->type->name, type) == 0;
}

/* "icmp", "tcp:443", "http". */
static const char *kind_of(char out[static 32], const struct sdr_target *target)
{
	if (target->port && !strstr(target->typed, "://"))
		snprintf(out, 32, "%.20s:%u", target->spec->type->label, target->port);
	else
		snprintf(out, 32, "%.31s", target->spec->type->label);
	return out;
}

/* ---- the worst state, and why ---- */

static void find_worst(struct sheet_of_facts *f)
{
	uint32_t worst = 0;
	for (uint32_t i = 1; i < f->shown->table.count; i++)
		if (f->shown->ranks[i] < f->shown->ranks[worst])
			worst = i;
	f->position = ui_monitors_position(f->shown, worst);
	sdr_model_row(ui_model(f->ui), f->position, &f->worst);
}

static void note_since(struct sheet_of_facts *f)
{
	char clock[SDR_WALL_TEXT], age[SDR_DURATION_TEXT], lost[UI_NUMBER_TEXT];
	sdr_ns for_how_long = ui_now(f->ui) - f->worst.since_mono;
	if (f->worst.since == 0 || for_how_long < 0)
		return;
	int used = snprintf(f->texts[SINCE], FACT_TEXT, "%s (%s)",
		sdr_wall_clock(clock, f->worst.since),
		sdr_duration_display(age, for_how_long - for_how_long % SDR_SECOND));
	if (f->worst.state == SDR_STATE_DOWN)
		snprintf(f->texts[SINCE] + used, FACT_TEXT - (size_t)used,
			"   %s of %llu probes were lost so far",
			ui_number_count(lost, f->worst.lost), (unsigned long long)f->worst.sent);
}

/* The most frequent one comes first. */
static int by_count(const void *a, const void *b)
{
	const struct sdr_fault *left = a, *right = b;
	return (left->count < right->count) - (left->count > right->count);
}

static void note_faults(struct sheet_of_facts *f)
{
	struct sdr_fault faults[KINDS];
	uint32_t count = sdr_model_faults(ui_model(f->ui), f->position, faults, KINDS);
	char *text = f->texts[BECAUSE];
	size_t used = 0;
	qsort(faults, count, sizeof(*faults), by_count);
	for (uint32_t i = 0; i < count && i < FAULTS && used < FACT_TEXT; i++) {
		char times[UI_NUMBER_TEXT], last[SDR_WALL_TEXT];
		int more = snprintf(text + used, FACT_TEXT - used, "%s%s x %s%s%s, last %s",
			i ? "; " : "", ui_number_count(times, faults[i].count),
			sdr_outcome_label(faults[i].outcome), faults[i].why[0] ? ": " : "",
			faults[i].why, sdr_wall_clock(last, faults[i].last));
		used += more > 0 ? (size_t)more : 0;
	}
}

static void note_because(struct sheet_of_facts *f)
{
	if (f->worst.state == SDR_STATE_SLOW)
		ui_slow_why(
			ui_model(f->ui), f->position, ui_now(f->ui), f->texts[BECAUSE], FACT_TEXT);
	else if (f->worst.state == SDR_STATE_DOWN)
		note_faults(f);
	else if (f->worst.state == SDR_STATE_UNKNOWN)
		snprintf(f->texts[BECAUSE], FACT_TEXT, "%s", ui_state_why(&f->worst));
}

static bool answers(const struct sdr_row *row)
{
	return row->state == SDR_STATE_UP || row->state == SDR_STATE_SLOW;
}

/* What another probe of the host shows to be well, so that one need not look there: a ping
 * shows most. */
static void note_not(struct sheet_of_facts *f)
{
	struct sdr_row row, best = {0};
	bool pinged = is_of(&f->worst, "ping");
	char kind[32], time[UI_NUMBER_TEXT];
	for (uint32_t i = 0; f->worst.state == SDR_STATE_DOWN && next_row(f, &i, &row);)
		if (answers(&row) && !is_of(&row, "dns") && !is_of(&row, "path") &&
			(!best.target || is_of(&row, "ping")))
			best = row;
	if (best.target)
		snprintf(f->texts[NOT], FACT_TEXT, "%s: %s answers in %s ms%s",
			best.state == SDR_STATE_UP ? "the host and the way there" : "the host",
			kind_of(kind, best.target), ui_number_ms(time, best.last),
			pinged ? "; something drops ICMP" : "");
}

static void note_try(struct sheet_of_facts *f)
{
	struct ui_subject subject = {0};
	ui_monitors_describe(&f->worst, &subject);
	if (subject.next &&
		!ui_expand_line(f->ui, subject.next, &subject, f->texts[TRY], FACT_TEXT))
		f->texts[TRY][0] = '\0';
}

/* ---- what is known besides ---- */

static void note_addresses(struct sheet_of_facts *f)
{
	size_t used = 0;
	char *text = f->texts[ADDRESS], address[SDR_ADDR_TEXT];
	for (unsigned i = 0; f->host->name[0] && i < f->host->count && i < ADDRESSES; i++)
		used += (size_t)snprintf(text + used, FACT_TEXT - used, "%s%s", i ? "  " : "",
			sdr_addr_format(address, &f->host->addrs[i])); /* four of them fit */
	if (f->host->name[0] && f->host->count > ADDRESSES)
		snprintf(
			text + used, FACT_TEXT - used, "  and %u more", f->host->count - ADDRESSES);
}

static void note_certificate(struct sheet_of_facts *f, const struct sdr_row *row)
{
	const struct sdr_item *root = row->detail ? sdr_sheet_view(row->detail) : NULL,
			      *certificate = sdr_item_present(root, "certificate"),
			      *days = sdr_item_present(certificate, "expires_in_days");
	if (!certificate || f->texts[CERTIFICATE][0])
		return;
	snprintf(f->texts[CERTIFICATE], FACT_TEXT, "%s  %s  %s",
		sdr_item_string(certificate, "expires", "no known end"),
		sdr_item_string(certificate, "key", ""),
		sdr_item_string(certificate, "issuer", ""));
	if (days && days->value.integer < 14)
		f->styles[CERTIFICATE] = days->value.integer < 0 ? UI_BAD : UI_WARNING;
}

static void note_names(struct sheet_of_facts *f, uint32_t position, const struct sdr_row *row)
{
	size_t used = strlen(f->texts[NAMES]);
	char values[FACT_TEXT / 2];
	if (!is_of(row, "dns") || used > FACT_TEXT / 2)
		return;
	ui_monitors_format_values(f->ui, position, values, sizeof(values));
	if (values[0])
		snprintf(f->texts[NAMES] + used, FACT_TEXT - used, "%s%s%s%s", used ? "; " : "",
			values, row->target->spec->server ? " @" : "",
			row->target->spec->server ? row->target->spec->server : "");
}

static void note_path(struct sheet_of_facts *f, const struct sdr_row *row)
{
	struct sdr_path path;
	char mtu[32] = "", loss[UI_NUMBER_TEXT];
	if (!is_of(row, "path") || sdr_target_is_part(row->target) || f->texts[PATH][0] ||
		!sdr_path_view(row->target, &path))
		return;
	if (path.mtu)
		snprintf(mtu, sizeof(mtu), ", MTU %u", path.mtu);
	snprintf(f->texts[PATH], FACT_TEXT, "%u hops, %s, %s %% lost%s%s%s", path.count,
		path.reached ? "reached" : "not reached",
		ui_number_percent(loss, path.loss < 0 ? 0 : path.loss), mtu,
		path.why[0] ? "; " : "", path.why);
}

static void note_known(struct sheet_of_facts *f)
{
	struct sdr_row row;
	note_addresses(f);
	for (uint32_t i = 0; next_row(f, &i, &row);) {
		note_certificate(f, &row);
		note_names(f, ui_monitors_position(f->shown, i - 1), &row);
		note_path(f, &row);
	}
}

/* ---- drawing ---- */

static void format_sentence(const struct sheet_of_facts *f, char *out, size_t size)
{
	const struct sdr_row *row = &f->worst;
	uint32_t bad = ui_monitors_tally(f->shown, SDR_STATE_DOWN) +
		ui_monitors_tally(f->shown, SDR_STATE_SLOW),
		 all = f->shown->table.count, up = ui_monitors_tally(f->shown, SDR_STATE_UP);
	char kind[32], others[64] = "";
	if (all > 1)
		snprintf(others, sizeof(others), "  (%u of %u probes are not well)", bad, all);
	kind_of(kind, row->target);
	if (row->flaps)
		snprintf(out, size, "%s: %u changes, %s now%s", kind, row->flaps,
			sdr_state_word(row->state), others);
	else if (row->state == SDR_STATE_DOWN || row->target->phase == SDR_PHASE_FAILED)
		snprintf(out, size, "%s: %s%s", kind, ui_state_why(row), bad ? others : "");
	else if (row->state == SDR_STATE_SLOW)
		snprintf(out, size, "%s%s", kind, others);
	else if (up == all)
		snprintf(out, size, "%s", all == 1 ? kind : "all probes are answered");
	else
		snprintf(out, size, "%u of %u probes are answered", up, all);
}

static void draw_sentence(const struct sheet_of_facts *f, const struct ui_surface *s)
{
	char text[FACT_TEXT + 128];
	bool up = f->worst.state == SDR_STATE_UP && !f->worst.flaps;
	enum ui_style style = up ? UI_OK : ui_row_style(&f->worst);
	ui_draw_text(s, 0, 0, style, ui_draw_glyph(s, ui_row_sign(&f->worst)));
	int at = LABEL_AT + ui_draw_text(s, 0, LABEL_AT, style, ui_row_word(&f->worst));
	format_sentence(f, text, sizeof(text));
	ui_draw_text(s, 0, at + 2, UI_STRONG, text);
}

/* Leaves out what is least important, until all fit. */
static void thin_out(struct sheet_of_facts *f, int room)
{
	for (int rank = FACT_COUNT - 1; rank >= 0; rank--) {
		int known = 0, last = -1;
		for (int i = 0; i < FACT_COUNT; i++) {
			known += f->texts[i][0] != '\0';
			last = facts[i].rank == rank ? i : last;
		}
		if (known <= room)
			return;
		if (last >= 0)
			f->texts[last][0] = '\0';
	}
}

int ui_page_facts_draw(struct ui_monitors *shown, const struct ui_page_host *host,
	const struct ui_surface *s, int most)
{
	struct sheet_of_facts f = {.shown = shown, .host = host, .ui = shown->ui};
	int line = 1;
	find_worst(&f);
	note_since(&f);
	note_because(&f);
	note_not(&f);
	note_try(&f);
	note_known(&f);
	draw_sentence(&f, s);
	thin_out(&f, most - 1);
	for (int i = 0; i < FACT_COUNT; i++) {
		if (!f.texts[i][0])
			continue;
		ui_draw_text(s, line, LABEL_AT, UI_DIM, facts[i].label);
		enum ui_style style = i == TRY ? UI_STRONG : f.styles[i];
		int used = ui_draw_text(s, line, TEXT_AT, style, f.texts[i]);
		if (i == TRY)
			ui_draw_text(s, line, TEXT_AT + used + 3, UI_DIM, "first in the menu (.)");
		line++;
	}
	return line;
}
