/* act_words.h - the words of the screen's commands. */
#ifndef SOUNDER_UI_ACT_WORDS_H
#define SOUNDER_UI_ACT_WORDS_H

#include "sounder/call.h"

/* Returns a call's first word; "" where there is none. */
const char *ui_act_word(const struct sdr_call *call);

/* Returns the position of a word in a NULL-terminated list, or -1 with `error` naming them all. */
int ui_act_choose(const char *const *words, const char *word, struct sdr_error *error);

#endif
