/* request.h - what a command makes of its arguments: a lookup, targets to watch, servers to run,
 * text to filter, an action of the screen.
 *
 * A request runs nothing. The front that has it made runs it, and is done with it by
 * sdr_request_done. */
#ifndef SOUNDER_REQUEST_H
#define SOUNDER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/clock.h"
#include "sounder/probe.h"
#include "sounder/service.h"
#include "sounder/sheet.h"
#include "sounder/status.h"

struct sdr_arena;
struct sdr_call;
struct sdr_item;
struct sdr_out;
struct sdr_target;

enum sdr_request_kind {
	SDR_REQUEST_NONE,
	SDR_REQUEST_LOOKUP,
	SDR_REQUEST_WATCH,
	SDR_REQUEST_SERVE,
	SDR_REQUEST_ACTION,
	SDR_REQUEST_FILTER
};

/* Where a lookup's answers go: `emit` once per object. What was begun by `start` ends in `done`,
 * once, from the loop; `answer` and `finish` return their exit code instead. */
struct sdr_answers {
	void *context;
	void (*emit)(void *context, const struct sdr_sheet *sheet);
	/* Lines in place of a sheet, as a pipe is to have them; NULL where sheets are wanted. */
	void (*text)(void *context, const void *bytes, size_t length);
	void (*done)(void *context, enum sdr_exit exit,
		const struct sdr_error *error); /* error: NULL, or the one line for stderr */
	void *state;                            /* the request's */
	void **handle; /* `start` puts here what `cancel` takes; NULL with `answer` */
};

/* A question with an answer. Either `answer` (pure, at once) or `start` (later, from the loop) is
 * set. */
struct sdr_lookup {
	/* Asked once per word (`-`: per line of stdin); else once, with word NULL. */
	bool each_word;
	size_t words_first; /* with each_word: words before this one are not asked */
	size_t words_end;   /* nor those from this one on; 0: all are */
	bool texts;         /* with `start`: it has lines where text is wanted */
	unsigned at_a_time; /* with `start`: questions under way at most; 0: 16 */
	uint32_t rate;      /* likewise: questions begun in a second at most; 0: any number */
	bool as_they_come;  /* answers are handed on as they come, not in the order of asking */
	bool counted;       /* after the lines of the word `-` a complaint counts them */
	enum sdr_exit (*answer)(const struct sdr_call *call, const char *word,
		const struct sdr_answers *answers, struct sdr_error *error);
	enum sdr_status (*start)(const struct sdr_call *call, const char *word,
		const struct sdr_answers *answers, struct sdr_error *error);
	bool lasts; /* with `start`: it may go on until it is stopped, which is no failure */
	/* With `start`: gives up what it began; neither `emit` nor `done` is called any more. */
	void (*cancel)(const struct sdr_call *call, void *handle);
	/* After the last word answers about all together; or NULL. Not once a word failed. */
	enum sdr_exit (*finish)(const struct sdr_call *call, const struct sdr_answers *answers,
		struct sdr_error *error);
	/* The text form; NULL: the general one. */
	void (*print)(
		struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root);
};

/* Emits a sheet and frees it. False with `error`: it is NULL or lacks something, for memory. */
bool sdr_answers_emit(
	const struct sdr_answers *answers, struct sdr_sheet *sheet, struct sdr_error *error);

/* Targets to probe until done or stopped. */
struct sdr_watch {
	struct sdr_spec
		*specs; /* [count]; with `names` the one that stands for all: see sdr_watch_spec */
	size_t count;
	const char *const
		*names;      /* [count], target and host of each; NULL: the specs have their own */
	const char *options; /* with `names`: the line that adds one target, without the target */
	bool sweep;          /* each target is probed once, as fast as possible, for one word */
	bool find_mtu;       /* find the path MTU, once */
	bool fping;          /* text and exit codes are fping's */
	bool fping_all;      /* with every round trip in the summary, -C */
	enum {
		SDR_UNTIL_STOPPED,
		SDR_UNTIL_UP,
		SDR_UNTIL_DOWN
	} until;                  /* each target ends as soon as it is that, UP or SLOW, or DOWN */
	unsigned losses, replies; /* what makes that state, see struct sdr_limits */
	bool has_loss_max;        /* the exit code shows whether one lost more than `loss_max` */
	double loss_max;          /* percent */
	uint32_t rate;            /* probes a second over all; 0: leave */
	sdr_ns deadline;          /* stop then; 0: none */
	bool mtr;                 /* of paths: the summary is what mtr --report prints */
	bool mtr_wide;            /* --report-wide */
	bool quiet;               /* -q: summaries only */
	bool numeric;             /* -n */
	bool stamps;              /* -D */
	bool names_must_exist;    /* an unknown host is a failure: exit 2, as iputils */
	bool single;              /* asked once: JSON is one object without a summary line */
	bool body;                /* to stdout as it comes, unless --json: sets http.on_body */
	void (*print)(struct sdr_out *out, const struct sdr_call *call,
		const struct sdr_item *detail); /* text of a single answer's detail; or NULL */
};

struct sdr_serve {
	struct sdr_service_spec *specs; /* [count] */
	size_t count;
};

/* Something only the screen can do, or the front end itself. */
struct sdr_action {
	enum sdr_status (*perform)(
		void *screen, const struct sdr_call *call, struct sdr_error *error);
};

/* Where a filter's output goes. */
struct sdr_outlet {
	void *context;
	void (*put)(void *context, const void *bytes,
		size_t length); /* as it is into a pipe or file, cleaned on a terminal */
	void (*emit)(void *context, const struct sdr_sheet *sheet);
	bool sheets;      /* emit is wanted (--json, --csv), not put */
	bool several;     /* there is more than one file, so name it */
	const char *name; /* the file being read; "-" for standard input */
};

/* Text that passes through, in stretches of whole lines: of the files that the words name, or of
 * standard input. */
struct sdr_filter {
	size_t words_first; /* words before this one name no files */
	/* Takes bytes[length]; only the last line of all may lack its line feed. */
	void (*lines)(void *state, const char *bytes, size_t length, const struct sdr_outlet *sink);
	enum sdr_exit (*finish)(void *state, const struct sdr_outlet *sink);
};

/* What the word `-` stands for. */
struct sdr_input {
	const char *text; /* [length]; NULL: what standard input has */
	size_t length;
};

/* All text and arrays are in the request's own memory or live as long as the call. */
struct sdr_request {
	enum sdr_request_kind kind;
	union {
		struct sdr_lookup lookup;
		struct sdr_watch watch;
		struct sdr_serve serve;
		struct sdr_action action;
		struct sdr_filter filter;
	};
	struct sdr_input input;       /* filled in by the front; borrowed */
	void *state;                  /* the command's own, handed to what it runs; or NULL */
	void (*release)(void *state); /* called by sdr_request_done; or NULL */
	struct sdr_arena *arena;      /* owned; freed by sdr_request_done */
};

/* Fills in what is asked of target `index`, which is below the count. Text is borrowed from the
 * request. */
void sdr_watch_spec(const struct sdr_watch *watch, size_t index, struct sdr_spec *spec);

/* Returns the line that adds this target, its name quoted, to be freed, with `group` its label as
 * well; NULL where there is none, and when out of memory. */
char *sdr_target_line(const struct sdr_target *target, bool group);

/* Returns all that were given of an option that repeats, NULL-terminated, in the request's memory;
 * NULL when out of memory. */
const char *const *sdr_request_list(
	struct sdr_request *request, const struct sdr_call *call, const char *option);

/* Return zeroed memory, or formatted text, that is freed with the request; NULL when out of
 * memory. */
void *sdr_request_alloc(struct sdr_request *request, size_t size);
char *sdr_request_text(struct sdr_request *request, const char *format, ...) SDR_PRINTF(2, 3);

/* Returns the command as it was typed, quoted: its name, its options but --group and, with `words`,
 * its words; what outputs may not show is masked (sdr_arg_shown). NULL: out of memory, or a word is
 * very long. */
const char *sdr_request_line(struct sdr_request *request, const struct sdr_call *call, bool words);

/* Returns `line` and one more word, quoted. NULL: out of memory, or `line` is. */
const char *sdr_request_line_add(struct sdr_request *request, const char *line, const char *word);

/* Opens the parts that the command asks for, fills in command->lookup and runs command->make.
 * `call` is borrowed for the request's life. EINVAL also: --server is no resolver, or an option's
 * number is a %word; ESYSTEM as sdr_app_open; else what `make` returns. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_request_make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error);

/* Releases the command's state and the request's memory; it is of kind NONE then. */
void sdr_request_done(struct sdr_request *request);

#endif
