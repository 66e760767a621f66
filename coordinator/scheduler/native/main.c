/*
 * cpe-scheduler: the Pacemaker scheduler library as a persistent child process of its client.
 *
 * Requests come on stdin, responses go to descriptor 3 (frames.h). Descriptor 1 is joined to 2: what the library prints
 * never reaches the protocol. Ends when stdin ends, when its parent dies, or by the library's own abort().
 *
 * Usage: cpe-scheduler MAX_CIB_BYTES
 */
#include "decide.h"
#include "frames.h"
#include "library_log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

enum { RESPONSE_FD = 3 };

/* The library listens to a dozen PCMK_ variables (log files, debugging). Only the time zone, for rules, comes from outside. */
static void keep_only_own_environment(void)
{
    const char *given_zone = getenv("TZ");
    char *zone = strdup(given_zone != NULL ? given_zone : "UTC");

    clearenv();
    setenv("TZ", zone, 1);
    setenv("LC_ALL", "C", 1);
    setenv("PCMK_logfacility", "none", 1);
    setenv("PCMK_logfile", "none", 1);
    free(zone);
}

static bool isolate(void)
{
    static const struct rlimit no_core = {0, 0};

    if (fcntl(RESPONSE_FD, F_SETFD, FD_CLOEXEC) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        return false;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a parent that died before this line has closed stdin: we end at the first read */
    setrlimit(RLIMIT_CORE, &no_core); /* an abort() is an expected outcome */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* a terminal's Ctrl-C goes to the whole group; the client says when we end */
    keep_only_own_environment();
    return true;
}

/* Returns false when the stream cannot be used any further. */
static bool serve(const request_header *request, uint64_t max_cib_bytes)
{
    answer given;

    if (request->body_length > max_cib_bytes) {
        library_log_clear(); /* of the last decision */
        if (!discard(STDIN_FILENO, request->body_length)) {
            return false;
        }
        given = answer_refused("oversize", "the CIB is larger than the scheduler was started for");
    } else {
        char *body = malloc((size_t) request->body_length + 1);

        if (body == NULL || !read_exactly(STDIN_FILENO, body, (size_t) request->body_length)) {
            free(body);
            return false;
        }
        if (request->kind == REQUEST_DECIDE) {
            given = answer_decide(body, (size_t) request->body_length,
                                  (question) {
                                      .now = request->now,
                                      .is_sanitized = (request->flags & REQUEST_FLAG_SANITIZED) != 0,
                                      .wants_status = (request->flags & REQUEST_FLAG_WITH_STATUS) != 0,
                                  });
        } else {
            free(body);
            given = answer_hello();
        }
    }

    size_t graph_length = given.graph != NULL ? strlen(given.graph) : 0;
    bool is_written = write_response(RESPONSE_FD, request->id, given.meta->str, given.meta->len, given.graph, graph_length);

    answer_free(&given);
    return is_written;
}

static bool parse_limit(const char *text, uint64_t *limit)
{
    char *end = NULL;

    errno = 0;
    *limit = strtoull(text, &end, 10);
    return errno == 0 && *text != '\0' && *end == '\0' && *limit <= INT_MAX; /* libxml2 takes an int */
}

int main(int argc, char **argv)
{
    uint64_t max_cib_bytes;

    if (argc != 2 || !parse_limit(argv[1], &max_cib_bytes)) {
        fprintf(stderr, "usage: cpe-scheduler MAX_CIB_BYTES\n");
        return EX_USAGE;
    }
    if (!isolate()) {
        fprintf(stderr, "cpe-scheduler: descriptor %d must be open for responses: %s\n", RESPONSE_FD, strerror(errno));
        return EX_USAGE;
    }

    const char *problem = decide_init();

    if (problem != NULL) {
        fprintf(stderr, "cpe-scheduler: the Pacemaker library does not decide a minimal CIB: %s\n", problem);
        return EX_SOFTWARE;
    }

    for (;;) {
        request_header request;

        switch (read_request_header(STDIN_FILENO, &request)) {
            case READ_END:
                return EX_OK;
            case READ_BROKEN:
                fprintf(stderr, "cpe-scheduler: request is not of this protocol version\n");
                return EX_PROTOCOL;
            case READ_OK:
                break;
        }
        if (request.kind != REQUEST_HELLO && request.kind != REQUEST_DECIDE) {
            fprintf(stderr, "cpe-scheduler: unknown request kind %u\n", request.kind);
            return EX_PROTOCOL;
        }
        if (!serve(&request, max_cib_bytes)) {
            return EX_IOERR;
        }
    }
}
