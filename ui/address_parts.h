/* address_parts.h - the address panel's state, and its table, which has several parts. For the
 * panel's own files only. */
#ifndef SOUNDER_UI_ADDRESS_PARTS_H
#define SOUNDER_UI_ADDRESS_PARTS_H

#include "address_here.h"
#include "address_rows.h"
#include "input.h"
#include "scratch.h"
#include "sounder/host.h"
#include "table.h"

struct ui_address {
	struct ui_table table;
	struct sdr_sheet *sheet; /* the latest answer, owned; NULL: none */
	bool stale;              /* a new question is pending */
	char line[UI_INPUT_TEXT * 2];
	struct ui_address_row rows[UI_ADDRESS_ROWS];
	unsigned row_count;
	int width;                /* that the rows are made for */
	struct sdr_prefix prefix; /* of the sheet; version 0: none */
	bool whole; /* a length was given: the network is meant, not the address alone */
	struct sdr_error error; /* of what is typed; "" if there is no error */
	size_t typed;           /* cells of the text before the fault */
	struct ui_scratch scratch;
	char here[UI_ADDRESS_HERE];  /* where the address lies from here */
	uint64_t here_version;       /* of the host's tables, when that was asked */
	uint64_t version;            /* grows with every change of the rows */
	const struct sdr_host *host; /* borrowed */
};

enum ui_address_part {
	UI_PART_SHEET,
	UI_PART_HERE,
	UI_PART_LIST_TITLE,
	UI_PART_LIST,
	UI_PART_LIST_EMPTY,
	UI_PART_OURS_TITLE,
	UI_PART_OURS
};

/* Returns which part a row belongs to; `index` is which of its own lines it is. */
enum ui_address_part ui_address_part(
	const struct ui_address *address, uint32_t row, unsigned *index);

uint32_t ui_address_row_count(const struct ui_address *address);

/* Finds the network on a row; false for rows of the sheet. */
bool ui_address_network(const struct ui_address *address, uint32_t row, struct sdr_prefix *network);

/* The rows; the context is a struct ui_address. */
extern const struct ui_rows ui_address_table;

#endif
