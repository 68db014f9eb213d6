/* world.h - the made-up world of the pictures: a clock that stands still, a name server and a web
 * server with fixed answers, targets with a history, clients of our servers. Everything runs in the
 * namespace that pictures.c made. */
#ifndef WORLD_H
#define WORLD_H

#include "ui_test.h"

/* Brings the namespace's loopback interface up. */
bool world_begin(void);

/* Starts the name server and the web server, as a child process that ends with the picture. */
void world_peers(void);

/* The core's clocks are the test's from now on (linked with --wrap); NULL: they are the
 * machine's. */
void world_clock(struct ui_test *test);

/* Moves the clock on. */
void world_pass(struct ui_test *test, sdr_ns time);

/* "ping db1 0.31ms 20.3x": a target of a probe type that was probed once a second until now,
 * "NAME@SERVER" by that server. The pattern's characters, each for the number of seconds before it:
 * `.` answered after that round trip and a bit, `x` no answer, `r` refused, `u` unreachable, `n`
 * HTTP 404. */
void world_target(const char *text);

/* Gives the latest target a day before that, a character each half hour, with counts as above: `.`
 * up, `x` down, `d` down for a third of it. */
void world_day(const char *text);

/* Has the latest target lead a set: "192.0.2.10", of all addresses of its name, its own being that;
 * "path", of what its probes bring. */
void world_set(const char *text);

/* "192.0.2.11 0.4ms 20.3x", "hop_3 9ms 60.": one more of that set, with its role (`_` is a space),
 * round trip and pattern. */
void world_member(const char *text);

/* Gives the latest target that leads a path its hops, see world_path.h. */
void world_hops(const char *text);

/* Adds that many pinged targets, 10.2.0.1 and on, most of them well. */
void world_add_many(unsigned count);

/* Notifies the model about all targets so far, second by second. */
void world_history(struct ui_test *test);

/* Connects to a port of ours from a port of the loopback address and sends some bytes:
 * "127.0.0.1:10007 51034 5". */
void world_client(struct ui_test *test, const char *text);

void world_end(void);

#endif
