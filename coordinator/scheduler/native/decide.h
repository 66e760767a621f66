#pragma once

#include "json.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    long long now;     /* seconds since the epoch */
    bool is_sanitized; /* secret parameters were taken out: digests are compared over what remains */
    bool wants_status; /* the answer says where everything is, and where it is going */
} question;

typedef struct {
    GString *meta; /* JSON; the answer without the graph */
    char *graph;   /* transition graph XML (malloc'd), or NULL when there is none */
    void *memory;  /* what the decision was made in: freed with the answer, which is sent before */
    bool is_large;
} answer;

/*
 * Sets the library up, loads its newest schema and lets it decide a CIB of one node and one resource, so that the first
 * real decision is as fast as any other. Returns NULL, or why the library cannot be used.
 *
 * Must run in the thread that decides: libxml2's node callbacks, which the library needs, are per thread.
 */
const char *decide_init(void);

/* The library's version, feature set and newest schema. */
answer answer_hello(void);

/* Decides one CIB (UTF-8 text). Takes ownership of `text` (malloc'd). */
answer answer_decide(char *text, size_t length, question asked);

/* Refuses the request; the library is not asked. */
answer answer_refused(const char *reason, const char *message);

/* Takes about as long as a tenth of the decision: send the answer first. */
void answer_free(answer *given);
