/* dump_sheet.h - a sheet as a line of text, for tests that look at all of it. */
#ifndef SOUNDER_TESTS_DUMP_SHEET_H
#define SOUNDER_TESTS_DUMP_SHEET_H

#include <stdio.h>
#include <string.h>

#include "sounder/sheet.h"

/* Items and what is in them: "key=value; "; "key?" is what JSON alone has, "key!" a section. The
 * registry's edition is left out. */
static inline void dump_sheet(FILE *file, const struct sdr_item *item)
{
	char value[1024] = "";
	const char *key = item->key ? item->key : "",
		   *show = item->show == SDR_SHOW_HIDDEN ? "?"
		: item->show == SDR_SHOW_SECTION         ? "!"
							 : "";
	if (strcmp(key, "registry") == 0)
		return;
	fprintf(file, "%s%s", key, show);
	if (item->kind == SDR_ITEM_OBJECT || item->kind == SDR_ITEM_LIST) {
		fputs("{", file);
		for (const struct sdr_item *one = item->first; one; one = one->next)
			dump_sheet(file, one);
		fputs("}; ", file);
		return;
	}
	sdr_item_format_value(value, sizeof(value), item);
	fprintf(file, "=%s; ", value);
}

#endif
