/* panel_dns.c - names: one question, the whole answer, who gave it and how fast; below it the names
 * that are watched. */
#include <stdio.h>

#include "number.h"
#include "question_panel.h"

extern const struct ui_panel ui_panel_dns;

static enum sdr_status dns_open(struct ui *ui, void *state)
{
	ui_question_init(state, ui, ui_panel_dns.name);
	return SDR_OK;
}

static void dns_close(struct ui *ui, void *state)
{
	(void)ui;
	ui_question_done(state);
}

static void dns_answer(struct ui *ui, void *state, const struct ui_answer *answer)
{
	(void)ui;
	ui_question_answer(state, answer);
}

/* Writes server, time and result from the keys that answers about names have. */
static void format_answer(const struct ui_question *question, char *out, size_t size)
{
	const struct sdr_item *root = ui_question_root(question), *item;
	char server[128] = "", rcode[64] = "", time[UI_NUMBER_TEXT];
	if (!root)
		return;
	if ((item = sdr_item_find(root, "server")))
		sdr_item_format_value(server, sizeof(server), item);
	if ((item = sdr_item_find(root, "rcode")) && item->kind == SDR_ITEM_TEXT)
		sdr_item_format_value(rcode, sizeof(rcode), item);
	else if (item) /* `host` and `resolve` have none, and something to show only if there is an
			  answer */
		snprintf(rcode, sizeof(rcode), "no answer");
	ui_number_ms(time, sdr_item_time(root, "query_seconds", question->elapsed));
	snprintf(out, size, "%s%s%s ms%s%s", server, *server ? ", " : "", time, *rcode ? ", " : "",
		rcode);
}

static void dns_draw(struct ui *ui, void *state, const struct ui_surface *surface)
{
	char summary[256] = "";
	(void)ui;
	format_answer(state, summary, sizeof(summary));
	struct ui_surface body =
		ui_question_frame(state, surface, "Names", *summary ? summary : NULL);
	ui_question_draw(state, &body, &ui_panel_dns);
}

static struct ui_table *dns_table(struct ui *ui, void *state)
{
	(void)ui;
	return ui_question_table(state);
}

static bool dns_subject(struct ui *ui, void *state, struct ui_subject *subject)
{
	(void)ui;
	return ui_question_subject(state, subject);
}

static bool dns_alarm(struct ui *ui, void *state)
{
	(void)ui;
	return ui_question_alarm(state);
}

static bool dns_work(struct ui *ui, void *state)
{
	(void)ui;
	return ui_question_work(state);
}

static const struct ui_input_spec input = {
	.label = "Name", .hint = "name, record types, @server", .command = "dns"};
static const char *const shows[] = {"dns", "resolve", "host", NULL};

const struct ui_panel ui_panel_dns = {
	.name = "dns",
	.title = "Names",
	.sentence = "names to addresses and back, any record type, any "
		    "server, with who answered and how fast",
	.empty = {"Asks the resolvers for a name or an address: every record, "
		  "its time to live, who answered and how fast.",
		"Press i and type a name, types and @server: www.example.org A MX @127.0.0.1"},
	.size = sizeof(struct ui_question),
	.shows = shows,
	.input = &input,
	.columns = ui_question_columns,
	.open = dns_open,
	.close = dns_close,
	.draw = dns_draw,
	.table = dns_table,
	.subject = dns_subject,
	.answer = dns_answer,
	.alarm = dns_alarm,
	.work = dns_work,
};
