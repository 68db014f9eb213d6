/* frame_ack.h - whether the terminal has shown the last frame. What write(2) took may stand in a
 * queue for seconds (ssh on a slow line); so a frame ends with a request that every terminal of
 * ECMA-48 answers in order, DSR ("device status report", sec. 8.3.35), and the next is drawn when
 * the answer has come. Then what is drawn is always the newest state, and what a key does stands
 * behind one frame at most.
 *
 * A terminal that has answered none is not waited for and is asked twice at most: with the modes,
 * and with the first frame. From the answers follows how fast the line is, and on a slow one how
 * large a frame may be. Pure: times are passed in, milliseconds of any clock. */
#ifndef SOUNDER_UI_FRAME_ACK_H
#define SOUNDER_UI_FRAME_ACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The request; answered by CSI 0 n, or CSI 3 n ("malfunction"). */
#define UI_ACK_REQUEST "\033[5n"
#define UI_ACK_PATIENCE 2000 /* ms for which an answer is waited for */
#define UI_ACK_MISSES 5      /* waits in a row without any answer, after which none is waited for */
#define UI_ACK_ASKED 8       /* requests that may be without an answer */

/* A frame that a request followed. */
struct ui_ack_frame {
	size_t bytes;
	int64_t at; /* when it was sent */
};

/* Zeroed is one of a terminal that is not asked. */
struct ui_ack {
	bool able;       /* the terminal understands the request */
	bool answers;    /* it has answered, and since then missed less than UI_ACK_MISSES */
	bool heard;      /* an answer came since the last request */
	unsigned missed; /* waits in a row that ended without any answer */
	unsigned asked;  /* requests without an answer: those of frames[asked], the oldest first */
	struct ui_ack_frame frames[UI_ACK_ASKED];
	int64_t answered; /* when the last answer came; -1: none did */
	int64_t latency;  /* ms: the shortest time from a request to its answer; -1: unknown */
	uint32_t rate;    /* of the line, bytes a second; 0: unknown */
};

/* Begins with a terminal that understands the request, or not: then it is never asked. Again after
 * others had the terminal: what they read of its answers will not come. */
void ui_ack_begin(struct ui_ack *ack, bool able);

/* A frame of so many bytes goes out, 0: only modes do. Returns whether a request follows it. */
bool ui_ack_sent(struct ui_ack *ack, size_t bytes, int64_t now);

/* An answer came. Returns whether it was the last one that was waited for. */
bool ui_ack_answered(struct ui_ack *ack, int64_t now);

/* Returns how many ms no frame may be drawn if no answer comes; 0: one may be now. */
int64_t ui_ack_wait(const struct ui_ack *ack, int64_t now);

/* Returns how many ms an answer may be worth waiting for before the terminal is given back, where
 * it would be typed at the shell. */
int64_t ui_ack_farewell(const struct ui_ack *ack, int64_t now);

/* Returns how many bytes a frame should have, so that what a key does is seen soon; 0: any. */
size_t ui_ack_room(const struct ui_ack *ack);

#endif
