/* monitors.h - the table of watched targets, all of them or those of a panel; the overview
 * and the panels of probes share it. */
#ifndef SOUNDER_UI_MONITORS_H
#define SOUNDER_UI_MONITORS_H

#include "group_rows.h"
#include "key_rows.h"
#include "panel.h"
#include "set_rows.h"
#include "sounder/model.h"
#include "table.h"

/* Which columns a panel wants; each is drawn in one place, monitors.c. */
enum ui_monitors_column {
	UI_MONITORS_SIGN,
	UI_MONITORS_STATE, /* word and, where it is not well, since when */
	UI_MONITORS_TARGET,
	UI_MONITORS_KIND, /* "icmp", "http" */
	UI_MONITORS_ADDRESS,
	UI_MONITORS_LOSS,
	UI_MONITORS_LAST,
	UI_MONITORS_P50,
	UI_MONITORS_P95,
	UI_MONITORS_JITTER,
	UI_MONITORS_SENT,
	UI_MONITORS_SERIES, /* sparkline */
	UI_MONITORS_WHY,    /* since when and why it is not well, or the latest answer's fields */
	UI_MONITORS_GROUP,  /* what the rows stand together by, on the first of each group; hidden
			       while they do not */
};

/* What the rows are grouped by. */
enum ui_grouping {
	UI_GROUPING_NONE,
	UI_GROUPING_GROUP, /* under a line for each of the model's groups, which fold */
	UI_GROUPING_NAME,
	UI_GROUPING_NETWORK,
	UI_GROUPING_STATE,
	UI_GROUPINGS
};

/* What a line's cells share. */
struct ui_monitors_line {
	struct sdr_row row;
	struct sdr_figures figures; /* over the last minute; valid if `computed` */
	bool computed;
};

struct ui_apart;
struct ui_label;
struct ui_page_host;

struct ui_monitors {
	struct ui_table table;
	struct ui *ui;        /* borrowed */
	const uint8_t *shown; /* per column of `table.columns`, which one it is: enum
				     ui_monitors_column; static */
	const char *panel;    /* whose targets are shown, by their types; NULL: all. Static */
	const struct ui_page_host *host; /* of whom alone; NULL: of all. Borrowed */
	uint32_t *positions; /* [table.count] in the model, ascending; NULL: as in the model */
	uint8_t *ranks;      /* [table.count] of states, as last looked at: 0 is the worst */
	uint64_t *weights;   /* [table.count] sort keys of figures, as last computed */
	uint32_t size;       /* entries that all three have room for */
	uint32_t next;       /* whose weight is computed next */
	unsigned weighed;    /* column + 1 that `weights` are of; 0: of none */
	enum ui_grouping grouping;
	struct ui_group_rows groups;   /* kept while the rows are grouped by group */
	struct ui_set_rows sets;       /* shown while the rows are not grouped */
	struct ui_key_rows hosts;      /* instead of `sets`, with `by_host` */
	bool by_host;                  /* set before the first update */
	bool mixed;                    /* a host has probes of two types */
	const struct sdr_model *model; /* as last read; borrowed */
	uint64_t members;              /* the model's member version that `positions` is of */
	uint64_t order;                /* its order version that `ranks` and `tally` are of */
	uint64_t sorted;               /* counts changes that need a new sort */
	sdr_ns looked;                 /* when states were last read, if there are many */
	sdr_ns sorted_at;              /* when the order of rows was last called old */
	uint64_t sorted_order;         /* `order` then */
	bool held;                     /* the order is old, since a key was pressed a moment ago */
	uint32_t tally[SDR_STATES];    /* of all of the panel, by rank */
	struct ui_label *labels; /* [label_count] what the lines of a frame are called; owned */
	uint32_t label_count, label_size;
	struct ui_apart *names; /* [name_count] of them; owned */
	uint32_t name_count;
	uint32_t longest; /* cells of the longest name */
	uint8_t *passes;  /* [passes_size] what is known of rows, figures and the filter; of many
				  targets. Owned */
	uint32_t passes_size, passes_next;
	sdr_ns passes_at;               /* when all were compared last */
	char passes_of[UI_FILTER_TEXT]; /* the filter that they were compared with */
	struct ui_monitors_line line;   /* that is being drawn */
};

/* Returns where a row's target is in the model. */
static inline uint32_t ui_monitors_position(const struct ui_monitors *monitors, uint32_t row)
{
	return monitors->positions ? monitors->positions[row] : row;
}

/* Sets the table up: worst first. */
void ui_monitors_init(struct ui_monitors *monitors, struct ui *ui, const struct ui_column *columns,
	const uint8_t *shown, const char *panel);
void ui_monitors_done(struct ui_monitors *monitors);

/* Reads the model. Called before draw. */
void ui_monitors_update(struct ui_monitors *monitors);

/* Computes the figures of some rows if there are too many for a frame. As the panel's verb
 * `work`. */
bool ui_monitors_work(struct ui_monitors *monitors);

/* Returns the table, whose rows are those that there are now. */
struct ui_table *ui_monitors_table(struct ui_monitors *monitors);

/* Fetches the model's row under the cursor. Returns its position, or UINT32_MAX if there is
 * none. */
uint32_t ui_monitors_row(const struct ui_monitors *monitors, struct sdr_row *row);

/* The same; of a head, its worst member. For what is shown beside the table. */
uint32_t ui_monitors_row_or_worst(const struct ui_monitors *monitors, struct sdr_row *row);

/* Draws since when and why the target under the cursor is not well, where its column has no
 * room. */
void ui_monitors_draw_why(struct ui_monitors *monitors, const struct ui_surface *s);

/* Fills the subject from the row under the cursor. */
bool ui_monitors_subject(struct ui_monitors *monitors, struct ui_subject *subject);

/* Fills the subject, which is blank, with what is known of the target of a row. */
void ui_monitors_describe(const struct sdr_row *row, struct ui_subject *subject);

/* How many of the shown targets are in a state. */
uint32_t ui_monitors_tally(const struct ui_monitors *monitors, enum sdr_state state);

/* Writes "5 targets, 1 down, 1 slow, 12.0 probes/s" into out[size]. */
void ui_monitors_format(const struct ui_monitors *monitors, char *out, size_t size);

/* Writes the latest answer's brief fields: "Status 200, First byte 811 ms"; "" before the first. */
void ui_monitors_format_values(struct ui *ui, uint32_t position, char *out, size_t size);

/* Writes what its type sums up of a target: "Reused 12, Opened 2"; "" where that is nothing. */
void ui_monitors_format_summary(const struct sdr_target *target, char *out, size_t size);

/* Fills ids[n] with the targets under the head that the cursor is on; returns how many there are, 0
 * where it is on no head. As the panel's verb `members`. */
uint32_t ui_monitors_members(struct ui_monitors *monitors, uint32_t *ids, uint32_t n);

/* Shows a host's targets alone; it is borrowed. Called again when it has other addresses. */
void ui_monitors_set_host(struct ui_monitors *monitors, const struct ui_page_host *host);

/* Groups the rows. */
void ui_monitors_group(struct ui_monitors *monitors, enum ui_grouping grouping);

#endif
