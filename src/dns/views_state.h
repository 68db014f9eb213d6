/* views_state.h (internal) - views under way: shared by views.c (asking), views_again.c (watching)
 * and views_sheet.c (showing). */
#ifndef SOUNDER_DNS_VIEWS_STATE_H
#define SOUNDER_DNS_VIEWS_STATE_H

#include <uv.h>

#include "dns/ask.h"
#include "dns/libc_view.h"
#include "dns/view_set.h"
#include "dns/view_words.h"
#include "sounder/views.h"

struct view {
	struct sdr_views *all;
	struct view_word word;
	char label[SDR_HOST_TEXT + SDR_ENDPOINT_TEXT]; /* as it was named */
	struct sdr_questions *questions;               /* pending, or NULL */
	struct sdr_libc_call *libc;                    /* likewise */
	bool busy;
	struct sdr_sheet *sheet;         /* what came first: the view as an object, owned */
	char why[SDR_ERROR_TEXT];        /* it has no answer; "": it has one */
	sdr_ns asked;                    /* when, the last time */
	unsigned asking[SDR_VIEW_TYPES]; /* the types of the latest question, by their places */
	struct view_set set;
	enum sdr_outcome outcomes[SDR_VIEW_TYPES];
	/* The latest answer: to how many of `asking`, how long it may be kept (-1: unknown), and
	 * what there was before. */
	unsigned answered;
	int64_t ttls[SDR_VIEW_TYPES];
	struct view_set before;
	enum sdr_outcome outcomes_before[SDR_VIEW_TYPES];
	/* Watching. */
	sdr_ns due[SDR_VIEW_TYPES]; /* when each type is asked for again */
	sdr_ns since;               /* it has had what it has */
};

/* A name whose addresses are views. */
struct named {
	struct sdr_views *all;
	unsigned word;
	struct sdr_names_call *call; /* pending, or NULL */
	unsigned count;
	struct sdr_addr addrs[SDR_NAMES_ADDRESSES_MAX]; /* [count] */
	char why[SDR_NAMES_NOTE];                       /* there are none */
};

struct sdr_views {
	struct sdr_names *names;
	struct sdr_views_spec spec;
	uv_timer_t timer;
	char name[SDR_MESSAGE_NAME]; /* as it is asked for */
	uint16_t types[SDR_QUESTIONS_TYPES];
	unsigned type_count;
	struct sdr_manner manner;
	struct view_word words[SDR_VIEWS_MAX];
	unsigned word_count;
	struct named named[SDR_VIEWS_MAX]; /* one a word */
	struct view *views;                /* [count], owned */
	unsigned count, room;
	unsigned pending;  /* names of servers, then views, that have no answer yet */
	bool begun, asked; /* asked: the views are known, and were asked */
	bool shown;        /* the first answers were handed out */
	bool asking;       /* some are being asked again at this moment */
	bool no_memory;
	sdr_ns started, end_at;           /* end_at: of watching; 0: it has none */
	void (*ended)(struct view *view); /* a view has an answer; comes from within asking, too */
};

#endif
