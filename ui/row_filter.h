/* row_filter.h - which rows of a table are shown: what is typed behind `/`. Pure.
 *
 *     filter = { word }                     all words hold
 *     word   = ["!"] ( fact | text )        "!" inverts
 *     fact   = ("is:" | "probe:" | "group:") value          the value contains it
 *            | ("is=" | "probe=" | "group=") value          the value is it
 *            | figure (">" | ">=" | "<" | "<=" | "=") number
 *     value  = up to a blank, or "quoted"
 *     figure = "loss" | "last" | "p50" | "p95" | "jitter" | "sent"
 *              the number is percent, ms or a count; "1s" "5ms" "3%" are right, too
 *     text   = any other word, or a "quoted one": a row's texts contain it
 *
 * Of a text, and of a value, upper case counts where it has any. What is not typed to its end
 * ("p95>") holds for every row. */
#ifndef SOUNDER_UI_ROW_FILTER_H
#define SOUNDER_UI_ROW_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "sounder/status.h"

#define UI_FILTER_TEXT 256 /* bytes, with the NUL */
#define UI_FILTER_WORDS 16
#define UI_FILTER_TEXTS 6 /* of a row */

enum ui_filter_figure {
	UI_FILTER_LOSS, /* percent */
	UI_FILTER_LAST, /* the times in ms */
	UI_FILTER_P50,
	UI_FILTER_P95,
	UI_FILTER_JITTER,
	UI_FILTER_SENT,
	UI_FILTER_FIGURES
};

/* What a row is; several may hold. */
enum ui_filter_is {
	UI_FILTER_IS_DOWN,
	UI_FILTER_IS_SLOW,
	UI_FILTER_IS_UP,
	UI_FILTER_IS_NEW,
	UI_FILTER_IS_PAUSED,
	UI_FILTER_IS_WRONG, /* down or slow or flapping */
	UI_FILTER_IS_FLAPPING,
	UI_FILTER_IS_MARKED,
	UI_FILTER_STATES
};

enum ui_filter_kind {
	UI_FILTER_HAS_TEXT,
	UI_FILTER_IS,
	UI_FILTER_PROBE,
	UI_FILTER_GROUP,
	UI_FILTER_HAS_FIGURE
};

struct ui_filter_word {
	enum ui_filter_kind kind;
	bool inverted;
	bool whole; /* the value is it, not contains it */
	bool exact; /* upper case counts */
	char text[UI_FILTER_TEXT];
	unsigned is; /* IS: bits of enum ui_filter_is */
	enum ui_filter_figure figure;
	bool less, more, equal; /* HAS_FIGURE: which results of a comparison hold */
	double number;
};

/* Zeroed holds for every row. */
struct ui_filter {
	struct ui_filter_word words[UI_FILTER_WORDS]; /* [count] */
	unsigned count;
	unsigned kinds;            /* bits: what words ask for */
	bool addresses;            /* a text may be a piece of an address */
	char text[UI_FILTER_TEXT]; /* as typed */
};

/* Reads a filter. EINVAL with `error` (offset in bytes): a value or number that is none; ERANGE: it
 * is too long. The words that are right hold then. */
enum sdr_status ui_filter_read(struct ui_filter *filter, const char *text, struct sdr_error *error);

/* What is known of a row. All borrowed. */
struct ui_filter_facts {
	const char *texts[UI_FILTER_TEXTS]; /* that words are looked for in; NULL: none more */
	const char *probe, *group;          /* NULL: it has none */
	unsigned is;                        /* bits of enum ui_filter_is */
	double figures[UI_FILTER_FIGURES];  /* NAN: unknown */
};

/* Whether a row is shown; of figures, and without them. A figure that is unknown is not more, less
 * or equal. */
bool ui_filter_holds(const struct ui_filter *filter, const struct ui_filter_facts *facts);
bool ui_filter_figures_hold(const struct ui_filter *filter, const struct ui_filter_facts *facts);

/* Whether a row is shown of which only texts are known. */
bool ui_filter_holds_for(
	const struct ui_filter *filter, const char *const texts[static UI_FILTER_TEXTS]);

/* Whether any word asks for a kind. */
static inline bool ui_filter_asks(const struct ui_filter *filter, enum ui_filter_kind kind)
{
	return filter->kinds >> kind & 1;
}

/* Whether what holds for `to` held for `from`, so that only such rows need be looked at: it was
 * typed on. False where that is not seen at once. */
bool ui_filter_narrows(const struct ui_filter *from, const struct ui_filter *to);

#endif
