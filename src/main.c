/* main.c - the order of a start: descriptors, privileges, locale, and only then the command
 * line. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sounder/app.h"
#include "sounder/config.h"
#include "sounder/host_words.h"
#include "sounder/line.h"
#include "sounder/out.h"
#include "sounder/privilege.h"
#include "sounder/shell.h"
#include "ui.h"

#define LISTEN_MOST 64

/* What stands before the command. */
struct globals {
	enum sdr_colour colour;
	const char *config; /* -f; NULL: the usual ones */
	const char *log;    /* --log; NULL: none */
	char **settings;    /* [setting_count] of --set; the front of argv */
	size_t setting_count;
	bool read_only, print_config;
	bool help, version;
	bool only_hosts; /* "--" was seen */
	struct sdr_privilege *privilege;
	char **words; /* [count], the rest */
	size_t count;
};

/* A program started with a closed standard descriptor would get the terminal or a socket in its
 * place. What takes it is opened the wrong way round, as GNU's programs do (gnulib's stdopen), so
 * that its use fails with EBADF: output that is lost is no success. */
static void ensure_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* Descriptors that our parent left open are not ours, and would leak into the user's own programs;
 * the sockets that systemd passes (LISTEN_FDS, sd_listen_fds(3)) are ours. */
static void close_inherited(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	unsigned long handed = pid && count && strtoul(pid, NULL, 10) == (unsigned long)getpid()
		? strtoul(count, NULL, 10)
		: 0;
	if (handed > LISTEN_MOST)
		handed = 0;
	for (unsigned long i = 0; i < handed; i++)
		(void)fcntl(3 + (int)i, F_SETFD, FD_CLOEXEC);
	if (close_range(3 + (unsigned)handed, ~0U, 0) == 0)
		return;
	for (int fd = 3 + (int)handed; fd < 1024; fd++) /* a kernel before 5.9 */
		close(fd);
}

/* libuv and others give up by abort(3) where the system refuses what they can't do without
 * (epoll_ctl, a lock): no reason to leave without a word. The dashboard's own handler, which puts
 * the terminal back first, takes this one's place. */
static void on_abort(int number)
{
	static const char words[] =
		"sounder: the system refuses what the event loop can't go on without: errno ";
	char text[sizeof(words) + 8];
	int error = errno, at = sizeof(text);
	(void)number;
	if (error == SDR_REPORTED)
		_exit(SDR_EXIT_FAIL);
	text[--at] = '\n';
	do
		text[--at] = (char)('0' + error % 10);
	while ((error /= 10) != 0 && at > (int)sizeof(words) - 1);
	memcpy(text, words, sizeof(words) - 1);
	memmove(text + sizeof(words) - 1, text + at, sizeof(text) - (size_t)at);
	(void)!write(STDERR_FILENO, text, sizeof(words) - 1 + sizeof(text) - (size_t)at);
	_exit(SDR_EXIT_FAIL);
}

/* A blocked or ignored signal is inherited too: ours, and the end of the programs that we start,
 * are wanted. A SIGHUP that nohup ignores and a SIGINT that a shell ignores for its background stay
 * so. */
static void clean_signals(void)
{
	static const int numbers[] = {SIGCHLD, SIGTERM, SIGWINCH, SIGALRM, SIGUSR1, SIGUSR2};
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		signal(numbers[i], SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGABRT, on_abort);
}

static bool parse_colour(const char *word, enum sdr_colour *colour)
{
	static const char *const words[] = {[SDR_COLOUR_AUTO] = "auto",
		[SDR_COLOUR_ALWAYS] = "always",
		[SDR_COLOUR_NEVER] = "never"};
	for (size_t i = 0; word && i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0) {
			*colour = (enum sdr_colour)i;
			return true;
		}
	return false;
}

/* Returns the value of option `name` at argv[*at], either "name=value" or the next argument; NULL
 * if argv[*at] is another option. */
static const char *value_of(char **argv, int *at, const char *name, bool *missing)
{
	size_t length = strlen(name);
	bool is_short = length == 2;
	if (strncmp(argv[*at], name, length) != 0)
		return NULL;
	const char *rest = argv[*at] + length;
	if (*rest == '=' && !is_short)
		return rest + 1;
	if (*rest)
		return is_short ? rest : NULL;
	if (!argv[*at + 1]) {
		*missing = true;
		return NULL;
	}
	return argv[++*at];
}

/* Handles one option. Returns NULL, or the error. */
static const char *take_option(char **argv, int *at, struct globals *globals)
{
	const char *value;
	bool missing = false;
	if (strcmp(argv[*at], "-h") == 0 || strcmp(argv[*at], "--help") == 0)
		globals->help = true;
	else if (strcmp(argv[*at], "--version") == 0)
		globals->version = true;
	else if ((value = value_of(argv, at, "--color", &missing)))
		return parse_colour(value, &globals->colour)
			? NULL
			: "--color takes auto, always or never";
	else if ((value = value_of(argv, at, "--log", &missing)))
		globals->log = value;
	else if ((value = value_of(argv, at, "-f", &missing)))
		globals->config = value;
	else if ((value = value_of(argv, at, "--set", &missing)))
		globals->settings[globals->setting_count++] = (char *)(uintptr_t)value;
	else if (strcmp(argv[*at], "--read-only") == 0)
		globals->read_only = true;
	else if (strcmp(argv[*at], "--print-config") == 0)
		globals->print_config = true;
	else
		return missing ? "its value is missing"
			       : "no such option here; \"sounder --help\" lists them";
	return NULL;
}

static const char *parse_globals(
	int argc, char **argv, struct globals *globals, const char **culprit)
{
	int at = 1;
	for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
		*culprit = argv[at];
		if (strcmp(argv[at], "--") == 0) {
			globals->only_hosts = true;
			at++;
			break;
		}
		const char *wrong = take_option(argv, &at, globals);
		if (wrong)
			return wrong;
	}
	globals->words = argv + (at < argc ? at : argc);
	globals->count = at < argc ? (size_t)(argc - at) : 0;
	return NULL;
}

static void complain(void *err, const char *message)
{
	sdr_out_line(err, SDR_TONE_PLAIN, "sounder: %s", message);
}

static bool assign_settings(
	struct sdr_app *app, const struct globals *globals, struct sdr_error *error)
{
	for (size_t i = 0; i < globals->setting_count; i++)
		if (sdr_settings_assign(sdr_app_settings(app), globals->settings[i], error))
			return false;
	return true;
}

static enum sdr_exit run_command(struct sdr_app *app, const struct globals *globals, char **words,
	size_t count, struct sdr_out *err)
{
	struct sdr_config config = {.file = globals->config,
		.only_settings = true,
		.complain = complain,
		.context = err};
	struct sdr_error error = {0};
	struct sdr_line *line = NULL;
	struct sdr_out out;
	enum sdr_colour colour = globals->colour;
	if (sdr_config_run(app, &config, &error) != SDR_OK ||
		!assign_settings(app, globals, &error) ||
		sdr_line_new(app, words, count, &line, &error) != SDR_OK) {
		complain(err, error.text);
		return SDR_EXIT_FAIL;
	}
	const struct sdr_call *call = sdr_line_call(line);
	enum sdr_exit exit = SDR_EXIT_FAIL;
	if (sdr_call_has(call, "color") && !parse_colour(sdr_call_text(call, "color"), &colour)) {
		complain(err, "--color takes auto, always or never");
	} else if (sdr_privilege_keep(globals->privilege, call->command->privileges, &error) !=
		SDR_OK) {
		complain(err, error.text);
	} else {
		sdr_out_init(&out, stdout, colour);
		exit = sdr_shell_run(app, call, &out, err);
	}
	sdr_line_free(line);
	return exit;
}

/* A first word that is a slip of the finger ("pnig") or another program's name ("dig") is no host
 * to go and ping. */
static bool is_slip(struct sdr_app *app, const struct globals *globals, struct sdr_out *err)
{
	const char *word = globals->words[0], *instead = sdr_command_instead(word);
	const char *near = strpbrk(word, ".:") ? NULL : sdr_command_near(app, word);
	if (instead)
		sdr_out_line(err, SDR_TONE_PLAIN,
			"sounder: %s: no such command; %s (\"sounder -- %s\" takes it as a host)",
			word, instead, word);
	else if (near)
		sdr_out_line(err, SDR_TONE_PLAIN,
			"sounder: %s: no such command; did you mean %s? "
			"(\"sounder -- %s\" takes it as a host)",
			word, near, word);
	return instead || near;
}

/* `sounder bind x y` is no wish to ping three hosts. */
static bool is_of_dashboard(const struct globals *globals, struct sdr_out *err)
{
	const struct sdr_command *command;
	for (unsigned i = 0; (command = ui_command_at(i)); i++)
		if (sdr_command_is(command, globals->words[0])) {
			sdr_out_line(err, SDR_TONE_PLAIN,
				"sounder: %s is a command of the "
				"dashboard; type it at its prompt (:)",
				globals->words[0]);
			return true;
		}
	return false;
}

static int print_version(struct sdr_out *err)
{
	struct sdr_out out;
	sdr_out_init(&out, stdout, SDR_COLOUR_NEVER);
	sdr_out_line(&out, SDR_TONE_PLAIN, "sounder %s", SOUNDER_VERSION);
	if (!out.failed)
		return SDR_EXIT_YES;
	if (out.failure == EPIPE)
		return SDR_EXIT_NO;
	sdr_out_line(err, SDR_TONE_PLAIN, "sounder: standard output: %s", strerror(out.failure));
	return SDR_EXIT_FAIL;
}

static enum sdr_exit run_help(
	struct sdr_app *app, const struct globals *globals, struct sdr_out *err)
{
	static char *help[] = {"help"};
	return run_command(app, globals, help, 1, err);
}

/* Options may follow hosts as well; after "--" there are only hosts. Leaves the hosts in `words`.
 * Returns NULL, or the error. */
static const char *take_late_options(struct globals *globals, const char **culprit)
{
	size_t kept = 0;
	bool over = globals->only_hosts;
	int count = (int)globals->count;
	for (int i = 0; i < count; i++) {
		char *word = globals->words[i];
		if (over || word[0] != '-' || !word[1]) {
			globals->words[kept++] = word;
		} else if (strcmp(word, "--") == 0) {
			over = true;
		} else {
			*culprit = word;
			const char *wrong = take_option(globals->words, &i, globals);
			if (wrong)
				return wrong;
		}
	}
	globals->count = kept;
	return NULL;
}

static enum sdr_exit open_dashboard(
	struct sdr_app *app, struct globals *globals, struct sdr_out *err)
{
	const char *culprit = "", *first = globals->count ? globals->words[0] : "",
		   *wrong = take_late_options(globals, &culprit);
	if (wrong) {
		sdr_out_line(err, SDR_TONE_PLAIN,
			"sounder: %s: no such command, and as a host it takes no option %s: %s",
			first, culprit, wrong);
		return SDR_EXIT_FAIL;
	}
	if (globals->help || globals->version)
		return globals->help ? run_help(app, globals, err)
				     : (enum sdr_exit)print_version(err);
	struct sdr_error error = {0};
	for (size_t i = 0; i < globals->count; i++)
		if (sdr_hosts_check(globals->words[i], &error) != SDR_OK) {
			complain(err, error.text);
			return SDR_EXIT_FAIL;
		}
	if (!assign_settings(app, globals, &error)) { /* and again once the config was read */
		complain(err, error.text);
		return SDR_EXIT_FAIL;
	}
	struct ui_options options = {.hosts = globals->words,
		.host_count = globals->count,
		.config = globals->config,
		.log = globals->log,
		.settings = globals->settings,
		.setting_count = globals->setting_count,
		.read_only = globals->read_only,
		.colour = globals->colour};
	return ui_run(app, &options);
}

/* What is set, and the keys: a configuration that changes nothing, to begin one with. */
static enum sdr_exit print_config(
	struct sdr_app *app, const struct globals *globals, struct sdr_out *err)
{
	static char *set[] = {"set"};
	struct sdr_out out;
	enum sdr_exit exit = run_command(app, globals, set, 1, err);
	sdr_out_init(&out, stdout, SDR_COLOUR_NEVER);
	sdr_out_raw(&out, "\n", 1);
	sdr_out_raw(&out, ui_standard_keys(), strlen(ui_standard_keys()));
	sdr_out_flush(&out);
	return exit == SDR_EXIT_YES && out.failed ? SDR_EXIT_FAIL : exit;
}

/* Returns the option of the dashboard's that a command would ignore; NULL: there is none. */
static const char *of_dashboard(const struct globals *globals)
{
	return globals->read_only ? "--read-only" : globals->log ? "--log" : NULL;
}

static enum sdr_exit run(struct sdr_app *app, struct globals *globals, struct sdr_out *err)
{
	if (globals->help)
		return run_help(app, globals, err);
	if (globals->print_config)
		return print_config(app, globals, err);
	if (!globals->count || globals->only_hosts)
		return open_dashboard(app, globals, err);
	if (sdr_command_find(app, globals->words[0]) && of_dashboard(globals)) {
		sdr_out_line(err, SDR_TONE_PLAIN,
			"sounder: %s: it is for the dashboard, not for %s", of_dashboard(globals),
			globals->words[0]);
		return SDR_EXIT_FAIL;
	}
	if (sdr_command_find(app, globals->words[0]))
		return run_command(app, globals, globals->words, globals->count, err);
	return is_of_dashboard(globals, err) || is_slip(app, globals, err)
		? SDR_EXIT_FAIL
		: open_dashboard(app, globals, err);
}

/* Tables of many targets grow and are freed; each in a mapping of its own leaves no holes in a heap
 * that is used for weeks. By default glibc raises its threshold with the first one freed. */
static void keep_memory_apart(void)
{
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1);
#endif
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, 256 * 1024);
#endif
}

/* Nobody goes on after this, not even to tidy up; the handler of SIGABRT gives a terminal back. */
static void give_up(const char *why)
{
	fprintf(stderr, "sounder: %s\n", why);
	errno = SDR_REPORTED;
	abort();
}

int main(int argc, char **argv)
{
	struct sdr_privilege privilege;
	struct sdr_error error = {0};
	struct globals globals = {.colour = SDR_COLOUR_AUTO, .privilege = &privilege};
	struct sdr_out err;
	const char *culprit = NULL;
	ensure_descriptors();
	close_inherited();
	clean_signals();
	umask(077); /* what we write is readable by its owner only */
	if (sdr_privilege_take(&privilege, &error) != SDR_OK)
		give_up(error.text);
	privilege.give_up = give_up;
	setlocale(LC_CTYPE, "");
	keep_memory_apart();
	sdr_out_init(&err, stderr, SDR_COLOUR_AUTO);
	globals.settings = argv; /* those that were read make room for them */
	const char *wrong = parse_globals(argc, argv, &globals, &culprit);
	if (wrong) {
		sdr_out_line(&err, SDR_TONE_PLAIN, "sounder: %s: %s", culprit, wrong);
		return SDR_EXIT_FAIL;
	}
	if (globals.version)
		return print_version(&err);
	struct sdr_app *app = sdr_app_new(&privilege, sdr_commands);
	if (!app) {
		complain(&err, sdr_status_text(SDR_ENOMEM));
		return SDR_EXIT_FAIL;
	}
	enum sdr_exit exit = run(app, &globals, &err);
	sdr_app_free(app);
	return (int)exit;
}
