/* socket_owners.h - which process holds a socket, as /proc shows it. */
#ifndef SOUNDER_HOST_SOCKET_OWNERS_H
#define SOUNDER_HOST_SOCKET_OWNERS_H

#include <stdbool.h>

#include "sounder/clock.h"
#include "sounder/listeners.h"

/* A walk through the processes, and which of them it could not read. */
struct socket_owners_walk {
	int32_t after; /* the process looked at last; 0: none yet */
	/* Errno of what could not be read although it is permitted; 0: nothing. */
	int failed;
	bool refused; /* some may not be looked into: they are others' */
};

/* Looks through the open files of processes with an id above walk->after, in order of id, until
 * `budget` ns are spent, and calls `found` for each socket. Returns true when there are no more. */
bool sdr_socket_owners_walk(struct socket_owners_walk *walk, sdr_ns budget,
	bool (*found)(void *context, uint32_t inode, int32_t pid, const char *process),
	void *context);

/* Returns the inode that a link of /proc/PID/fd names, "socket:[123]"; 0: it leads elsewhere. */
uint32_t sdr_socket_inode(const char *link);

/* Ends what was read of /proc/PID/comm, text[length] in room for one more, as the process's name: a
 * line feed comes behind it, and may be in it. */
void sdr_process_name(char *text, size_t length);

#endif
