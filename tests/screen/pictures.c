/* pictures.c - compares screens with pictures: `pictures FOLDER`, each FOLDER/NAME.screen being a
 * script, a line "---", and what is to be seen.
 *
 *     size 80x24            of the screen; first
 *     locale C              default C.UTF-8; first
 *     do mask 10.1.2.3/23   a command line, as at the prompt
 *     keys 4 i Esc          keys by name
 *     text abc              characters
 *     note bad db2 up -> DOWN    an entry of the journal: tone (ok warning bad plain), who, what
 *     lo                    the loopback interface is up; before the screen opens
 *     blind netlink         a request for a netlink socket gets "Address family not supported";
 *                           before the screen opens
 *     blind files           /etc/services and /etc/resolv.conf are folders; likewise
 *     blind inotify         there is no inotify; likewise
 *     peers                 a name server at 127.0.0.1:53, a web server at port 80
 *     wait                  until what was asked is answered, 1.1 ms later
 *     pass 12s              the clock moves on
 *     draw                  what is drawn so far is what keys act on
 *     target ..., day ..., set ..., member ..., hops ..., many 1000, history    with a past; see
 *                           world.h
 *     client ...            a client of our servers; see world.h
 *
 * The row of tabs reads "(tabs)" but in pictures whose name begins with frame_.
 * SOUNDER_ACCEPT=1 writes the pictures instead. Host name and network are those of a namespace of
 * its own; where there can be none: 77. */
#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <locale.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "sounder/model.h"
#include "world.h"

struct script {
	struct ui_test test;
	bool open;
	int rows, columns;
	char locale[32];
};

static void ensure_open(struct script *script)
{
	if (script->open)
		return;
	if (!setlocale(LC_CTYPE, script->locale)) {
		fprintf(stderr, "no locale %s\n", script->locale);
		exit(77);
	}
	world_clock(&script->test);
	ui_test_open(&script->test, "xterm-256color", script->rows, script->columns);
	script->open = true;
}

static void note(struct script *script, const char *rest)
{
	static const char *const tones[] = {"plain", "ok", "warning", "bad"};
	char tone[16] = "", subject[64] = "";
	int at = 0;
	if (sscanf(rest, "%15s %63s %n", tone, subject, &at) < 2)
		return;
	for (unsigned i = 0; i < sizeof(tones) / sizeof(*tones); i++)
		if (!strcmp(tones[i], tone))
			sdr_model_note(sdr_app_model(script->test.app), script->test.ui.wall,
				(enum sdr_tone)i, subject, "%s", rest + at);
}

static void pass(struct script *script, const char *text)
{
	sdr_ns time = 0;
	if (sdr_duration_parse(text, &time, NULL) == SDR_OK)
		world_pass(&script->test, time);
}

#define TURNS 30 /* what comes at once has come by then */

/* A moment goes by while an answer is awaited, so that it took time; of jobs that go on, what comes
 * at once. */
static void await(struct script *script, bool goes_on)
{
	ui_test_begin(&script->test);
	for (int i = 0; i < 3; i++)
		uv_run(sdr_app_loop(script->test.app), UV_RUN_NOWAIT);
	world_pass(&script->test, 1100 * SDR_US);
	if (goes_on)
		ui_test_turns(&script->test, TURNS);
	else
		ui_test_wait(&script->test);
}

#define CALL offsetof(struct seccomp_data, nr)
#define FIRST offsetof(struct seccomp_data, args)

/* Has a system call whose first argument is `first` (UINT32_MAX: any) fail for the rest of this
 * process's life. seccomp(2). */
static void refuse(uint32_t call, uint32_t first, uint32_t number)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, CALL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIRST),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, first, 0, first == UINT32_MAX ? 0 : 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | number),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(*filter), filter};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		fprintf(stderr, "pictures: no seccomp here: %s\n", strerror(errno));
		exit(77);
	}
}

static void blind(const char *what)
{
	if (!strcmp(what, "netlink")) {
		refuse(SYS_socket, AF_NETLINK, EAFNOSUPPORT);
	} else if (!strcmp(what, "inotify")) {
		refuse(SYS_inotify_init1, UINT32_MAX, EMFILE);
	} else if (mount("none", "/etc", "tmpfs", 0, NULL) != 0 ||
		mkdir("/etc/services", 0755) != 0 || mkdir("/etc/resolv.conf", 0755) != 0) {
		fprintf(stderr, "pictures: no private /etc here: %s\n", strerror(errno));
		exit(77);
	}
}

static void step(struct script *script, const char *line)
{
	if (sscanf(line, "size %dx%d", &script->columns, &script->rows) == 2 ||
		sscanf(line, "locale %31s", script->locale) == 1 || !*line)
		return;
	if (!strcmp(line, "lo")) {
		world_begin();
		return;
	}
	if (!strncmp(line, "blind ", 6)) {
		blind(line + 6);
		return;
	}
	ensure_open(script);
	if (!strncmp(line, "do ", 3))
		ui_do(&script->test.ui, line + 3);
	else if (!strncmp(line, "keys ", 5))
		ui_test_keys(&script->test, line + 5);
	else if (!strncmp(line, "text ", 5))
		ui_test_text(&script->test, line + 5);
	else if (!strncmp(line, "note ", 5))
		note(script, line + 5);
	else if (!strncmp(line, "target ", 7))
		world_target(line + 7);
	else if (!strncmp(line, "day ", 4))
		world_day(line + 4);
	else if (!strncmp(line, "set ", 4))
		world_set(line + 4);
	else if (!strncmp(line, "hops ", 5))
		world_hops(line + 5);
	else if (!strncmp(line, "member ", 7))
		world_member(line + 7);
	else if (!strncmp(line, "client ", 7))
		world_client(&script->test, line + 7);
	else if (!strcmp(line, "peers"))
		world_peers();
	else if (!strncmp(line, "many ", 5))
		world_add_many((unsigned)atoi(line + 5));
	else if (!strcmp(line, "draw"))
		(void)ui_test_draw(&script->test);
	else if (!strcmp(line, "history"))
		world_history(&script->test);
	else if (!strncmp(line, "pass ", 5))
		pass(script, line + 5);
	else if (!strcmp(line, "wait"))
		await(script, false);
	else if (!strcmp(line, "wait a moment"))
		await(script, true);
	else
		fprintf(stderr, "not understood: %s\n", line);
}

/* Writes what differs, a row each. */
static void show_difference(const char *wanted, const char *got)
{
	for (int row = 0; *wanted || *got; row++) {
		size_t a = strcspn(wanted, "\n"), b = strcspn(got, "\n");
		if (a != b || memcmp(wanted, got, a) != 0)
			fprintf(stderr,
				"  row %d\n"
				"    wanted %.*s\n"
				"    got    %.*s\n",
				row, (int)a, wanted, (int)b, got);
		wanted += a + (wanted[a] == '\n');
		got += b + (got[b] == '\n');
	}
}

#define TABS "(tabs)"

/* The row of tabs and the clock is the frame's: its own pictures alone show it, so that a new panel
 * changes few. Returns the picture to compare; the caller frees it. */
static char *without_tabs(const char *path, const char *picture)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path,
		   *end = picture + strcspn(picture, "\n");
	bool tabs = strncmp(picture, " 1 ", 3) == 0 || (picture[0] && picture[1] == '/');
	char *shown = NULL;
	if (!tabs || strncmp(name, "frame_", 6) == 0)
		return strdup(picture);
	return asprintf(&shown, TABS "%s", end) >= 0 ? shown : NULL;
}

static bool accept_picture(
	const char *path, const char *text, size_t script_length, const char *picture)
{
	FILE *file = fopen(path, "w");
	if (!file)
		return false;
	fwrite(text, 1, script_length, file);
	fprintf(file, "---\n%s", picture);
	return fclose(file) == 0;
}

static bool run(const char *path, char *text)
{
	struct script script = {.rows = 24, .columns = 80, .locale = "C.UTF-8"};
	const char *mark = strstr(text, "---\n");
	size_t script_length = mark ? (size_t)(mark - text) : strlen(text);
	const char *wanted = mark ? mark + 4 : "";
	char *lines = strndup(text, script_length), *rest = lines, *line;
	while ((line = strsep(&rest, "\n")))
		step(&script, line);
	ensure_open(&script);
	ui_test_draw(&script.test); /* shows the panel what there is to do */
	ui_test_work(&script.test);
	char *picture = without_tabs(path, ui_test_draw(&script.test));
	bool same = picture && !strcmp(picture, wanted), accepting = getenv("SOUNDER_ACCEPT");
	if (!same && accepting && picture)
		same = accept_picture(path, text, script_length, picture);
	else if (!same && picture)
		show_difference(wanted, picture);
	printf("%s %s\n", same ? "ok" : "DIFFERS", path);
	ui_test_close(&script.test);
	world_end();
	free(picture);
	free(lines);
	return same;
}

#define SCRIPT_MAX (256 * 1024)

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = file ? malloc(SCRIPT_MAX) : NULL;
	if (text)
		text[fread(text, 1, SCRIPT_MAX - 1, file)] = '\0';
	if (file)
		fclose(file);
	return text;
}

/* A name, a network, a services file and a resolver of its own, so that neither this machine's nor
 * its neighbours' get into a picture. */
static bool set_apart(const char *folder)
{
	static const char name[] = "ops1";
	char services[1024], resolvers[1024];
	int apart = CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWNS;
	snprintf(services, sizeof(services), "%s/services", folder);
	snprintf(resolvers, sizeof(resolvers), "%s/resolv.conf", folder);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	if (unshare(apart) != 0 && unshare(CLONE_NEWUSER | apart) != 0)
		return false;
	/* What is mounted here must not reach the machine's own file. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount(services, "/etc/services", NULL, MS_BIND, NULL) != 0 ||
		mount(resolvers, "/etc/resolv.conf", NULL, MS_BIND, NULL) != 0)
		return false;
	return sethostname(name, sizeof(name) - 1) == 0;
}

static int is_picture(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);
	return length > 7 && !strcmp(entry->d_name + length - 7, ".screen");
}

/* Draws one picture in a process and a namespace of its own. Returns its exit status. */
static int run_apart(const char *folder, const char *name)
{
	char path[1024];
	int status = 0;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		snprintf(path, sizeof(path), "%s/%s", folder, name);
		if (!set_apart(folder)) {
			fprintf(stderr, "pictures: no namespace here: %s\n", strerror(errno));
			exit(77);
		}
		char *text = read_file(path);
		bool same = text && run(path, text);
		free(text);
		exit(!same);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)
		? WEXITSTATUS(status)
		: 1;
}

int main(int argc, char **argv)
{
	struct dirent **names;
	int worst = 0, count = argc == 2 ? scandir(argv[1], &names, is_picture, alphasort) : -1;
	if (count <= 0) {
		fprintf(stderr, "pictures: no pictures in %s\n", argc == 2 ? argv[1] : "no folder");
		return 1;
	}
	for (int i = 0; i < count; i++) {
		int status = worst == 77 ? 77 : run_apart(argv[1], names[i]->d_name);
		worst = worst == 1 ? 1 : status ? status : worst;
		free(names[i]);
	}
	free(names);
	return worst;
}
