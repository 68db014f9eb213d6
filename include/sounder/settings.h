/* settings.h - what `set NAME VALUE` changes: one table, with ranges, defaults and a sentence
 * each. */
#ifndef SOUNDER_SETTINGS_H
#define SOUNDER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/clock.h"

struct sdr_settings;

enum sdr_setting_kind {
	SDR_SETTING_INTEGER,
	SDR_SETTING_DURATION,
	SDR_SETTING_FLAG,
	SDR_SETTING_WORD,
	SDR_SETTING_THEME, /* one of the words, or a file of the user's */
	SDR_SETTING_TEXT
};

/* The table's positions. */
enum sdr_setting_id {
	SDR_SET_FRAME_RATE,
	SDR_SET_RATE,
	SDR_SET_THEME,
	SDR_SET_LOSSES,
	SDR_SET_REPLIES,
	SDR_SET_SLOW,
	SDR_SET_LOSS,
	SDR_SET_GLYPHS,
	SDR_SET_SPARKS,
	SDR_SET_SYNC,
	SDR_SET_CLIPBOARD,
	SDR_SET_MOUSE,
	SDR_SET_BELL,
	SDR_SET_DESKTOP,
	SDR_SET_TITLE,
	SDR_SET_DOWN_COMMAND,
	SDR_SET_UP_COMMAND,
	SDR_SETTINGS
};

struct sdr_setting {
	const char *name; /* "frame-rate" */
	enum sdr_setting_kind kind;
	int64_t min, max;         /* INTEGER; DURATION in ns */
	const char *fallback;     /* the default, as typed */
	const char *const *words; /* WORD, THEME: what is allowed, NULL-terminated */
	const char *sentence;
};

/* Makes settings, all at their defaults; NULL when out of memory. */
struct sdr_settings *sdr_settings_new(void);

/* Frees them. NULL is allowed. */
void sdr_settings_free(struct sdr_settings *settings);

/* Returns a line of the table by its position, an enum sdr_setting_id; NULL past the end.
 * Static. */
const struct sdr_setting *sdr_setting_at(unsigned index);

/* Sets one by its name from text, which is copied; nothing changes on failure. ENOENT no such
 * setting, EINVAL, ERANGE, ENOMEM with `error`. What depends on it follows by sdr_app_settle. */
SDR_MUST_CHECK enum sdr_status sdr_settings_set(struct sdr_settings *settings, const char *name,
	const char *value, struct sdr_error *error);

/* Sets one by "NAME=VALUE"; as sdr_settings_set, EINVAL where there is no "=". */
SDR_MUST_CHECK enum sdr_status sdr_settings_assign(
	struct sdr_settings *settings, const char *text, struct sdr_error *error);

/* Returns an INTEGER, a DURATION in ns, a FLAG as 0 or 1, a WORD's position among those allowed. */
int64_t sdr_settings_number(const struct sdr_settings *settings, enum sdr_setting_id id);

/* Returns the present value as typed; valid until it is set again. */
const char *sdr_settings_text(const struct sdr_settings *settings, enum sdr_setting_id id);

/* Returns a number that grows with each setting that is set. */
uint64_t sdr_settings_version(const struct sdr_settings *settings);

#endif
