/*
 * decide-timer CIBFILE NOW
 *
 * The floor of a decision: the scheduler child's own code in a process that calls it directly, without frames, pipes or
 * a reader of the graph. For every byte on standard input it decides CIBFILE once, at NOW (seconds since the epoch),
 * and prints the nanoseconds that took. Linked with everything of the scheduler child but its main.c.
 */
#include "decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long long monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv)
{
    char *cib = NULL;
    gsize length = 0;

    if (argc != 3 || !g_file_get_contents(argv[1], &cib, &length, NULL)) {
        fprintf(stderr, "usage: decide-timer CIBFILE NOW\n");
        return 64;
    }

    const char *problem = decide_init();

    if (problem != NULL) {
        fprintf(stderr, "decide-timer: %s\n", problem);
        return 70;
    }
    while (getchar() != EOF) {
        char *text = malloc(length + 1); /* the decision takes it */

        if (text == NULL) {
            return 71;
        }
        memcpy(text, cib, length + 1);

        long long from = monotonic_ns();
        answer given = answer_decide(text, length, atoll(argv[2]), false);
        long long took = monotonic_ns() - from;

        if (given.graph == NULL) {
            fprintf(stderr, "decide-timer: no graph: %s\n", given.meta->str);
            return 65;
        }
        answer_free(&given);
        printf("%lld\n", took);
        fflush(stdout);
    }
    return 0;
}
