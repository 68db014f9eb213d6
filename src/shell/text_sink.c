/* text_sink.c - text that a filter lets pass, on stdout: as it is into a pipe, cleaned on a
 * terminal. */
#include "shell/text_sink.h"

#include <stdlib.h>
#include <string.h>

/* What is gathered before it is written: half of what a pipe holds, so that its reader has
 * something while we fill the other half. */
#define GATHER_MAX ((size_t)32 << 10)

struct text_sink {
	struct shell_body body; /* its `out` is where everything goes */
	size_t gathered;
	char gather[GATHER_MAX]; /* [gathered], not for a terminal */
};

void sdr_text_sink_flush(struct text_sink *text)
{
	if (!text)
		return;
	sdr_out_raw(text->body.out, text->gather, text->gathered);
	text->gathered = 0;
}

static void on_text(void *context, const void *bytes, size_t length)
{
	struct text_sink *text = ((struct job_run *)context)->text;
	if (text->body.out->is_terminal) {
		(void)sdr_body_put(&text->body, bytes, length);
		return;
	}
	if (length > GATHER_MAX - text->gathered)
		sdr_text_sink_flush(text);
	if (length > GATHER_MAX) {
		sdr_out_raw(text->body.out, bytes, length);
		return;
	}
	memcpy(text->gather + text->gathered, bytes, length);
	text->gathered += length;
}

enum sdr_status sdr_text_sink_open(struct job_run *r, struct sdr_job_sink *sink)
{
	r->text = malloc(sizeof(*r->text));
	if (!r->text)
		return SDR_ENOMEM;
	r->text->body = (struct shell_body){.out = r->run->out};
	r->text->gathered = 0;
	sink->sheets = r->run->report.format != &sdr_report_text;
	sink->text = on_text;
	return SDR_OK;
}

void sdr_text_sink_close(struct job_run *r)
{
	if (!r->text)
		return;
	sdr_text_sink_flush(r->text);
	if (r->run->out->is_terminal)
		sdr_body_end(&r->text->body);
	free(r->text);
	r->text = NULL;
}
