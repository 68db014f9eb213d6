/* path_rows.h - the rows of the Path panel: the paths that are watched, each a head with its hops
 * under it. */
#ifndef SOUNDER_UI_PATH_ROWS_H
#define SOUNDER_UI_PATH_ROWS_H

#include "blocks.h"
#include "sounder/model.h"
#include "sounder/path.h"

#define UI_PATH_NOWHERE UINT32_MAX

/* A path that is watched. */
struct ui_path_entry {
	uint32_t id;       /* the engine's, of the target that leads */
	uint32_t position; /* its place in the model */
	uint64_t stamp;    /* results that `path` is of; 0: none yet */
	bool seen;         /* by the present update */
	unsigned back;     /* epochs before the present one that is shown */
	struct sdr_path path;
	uint32_t members[SDR_PATH_HOPS]; /* the hops' places in the model; UI_PATH_NOWHERE */
};

struct ui_path_row {
	uint32_t entry;
	unsigned hop; /* from 1; 0: the head */
};

/* Zeroed is valid: there are none. */
struct ui_path_rows {
	struct ui_path_entry **entries; /* [count], each owned; in the order of the model */
	bool *folded;                   /* [count], owned */
	uint32_t count, room;
	struct ui_path_row *rows; /* [row_count], owned */
	uint32_t *of, *heads;     /* as of blocks, owned */
	uint32_t row_count, row_room;
	struct ui_blocks blocks;
	uint64_t version; /* grows with any change of the rows */
};

void ui_path_rows_done(struct ui_path_rows *rows);

/* Has the path of a row show the epoch before the one it shows, after the first that is kept the
 * present one. False: there is but one. */
bool ui_path_rows_step_back(struct ui_path_rows *rows, uint32_t row);

/* Reads the model. A target whose path is not known now keeps what was known of it. */
void ui_path_rows_update(struct ui_path_rows *rows, const struct sdr_model *model);

/* Returns a hop of a row, NULL of a head; and its place in the model, the head's too,
 * UI_PATH_NOWHERE of a hop that is silent. */
const struct sdr_path_hop *ui_path_rows_hop(const struct ui_path_rows *rows, uint32_t row);
uint32_t ui_path_rows_position(const struct ui_path_rows *rows, uint32_t row);

/* Returns the path that a row is of. */
const struct ui_path_entry *ui_path_rows_entry(const struct ui_path_rows *rows, uint32_t row);

#endif
