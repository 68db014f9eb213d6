/* chart_lines.h - round trips as lines, bars or dots of braille: several series over one another,
 * each of its hue and with its letter at its end. */
#ifndef SOUNDER_UI_CHART_LINES_H
#define SOUNDER_UI_CHART_LINES_H

#include "chart_scale.h"

#define UI_CHART_LETTERS 2 /* cells at the right edge that are those of letters, of several */

struct ui_chart;

/* Draws all series of the chart into a surface whose rows are the scale's. */
void ui_chart_lines_draw(const struct ui_surface *s, const struct ui_chart *chart,
	const struct ui_chart_scale *scale);

/* The letter and the hue of a series, by its place. */
char ui_chart_letter(unsigned number);
enum ui_style ui_chart_hue(unsigned number);

#endif
