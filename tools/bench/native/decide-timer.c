/*
 * decide-timer CIBFILE NOW
 *
 * The floor of a decision: the bare calls of Pacemaker's library in one process, from the text of a CIB to the text of
 * a graph. No frames, no pipe, no schema validation, no log kept, nothing checked; and what it leaves behind is freed
 * after the clock has stopped. The scheduler child's lazy_regex.c is linked in, so the library is as fast as it is there.
 *
 * For every byte on standard input it decides CIBFILE once, at NOW (seconds since the epoch), and prints the nanoseconds
 * that took.
 */
#include <crm/common/iso8601.h>
#include <crm/common/util.h>
#include <crm/common/xml.h>
#include <crm/crm.h>
#include <crm/pengine/status.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <time.h>

/* Exported by libpacemaker; declared only in a header that Pacemaker does not install. */
extern void pcmk__schedule_actions(xmlNode *cib, unsigned long long flags, pe_working_set_t *working_set);

static long long monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Returns the working set with the graph; the graph's text in `graph` (malloc'd). */
static pe_working_set_t *decide(const char *text, int length, time_t now_s, char **graph)
{
    xmlDoc *document = xmlReadMemory(text, length, NULL, "UTF-8", XML_PARSE_NOBLANKS | XML_PARSE_NONET);
    xmlNode *cib = document != NULL ? xmlDocGetRootElement(document) : NULL;
    pe_working_set_t *working_set = pe_new_working_set();

    if (cib == NULL || working_set == NULL) {
        fprintf(stderr, "decide-timer: not an XML document, or no memory\n");
        exit(65);
    }
    working_set->input = cib;
    working_set->now = crm_time_new(NULL);
    crm_time_set_timet(working_set->now, &now_s);
    working_set->flags |= pe_flag_no_compat;
    cluster_status(working_set);
    pcmk__schedule_actions(cib, pe_flag_no_compat, working_set);
    *graph = dump_xml_unformatted(working_set->graph);
    return working_set;
}

int main(int argc, char **argv)
{
    char *cib = NULL;
    gsize length = 0;

    if (argc != 3 || !g_file_get_contents(argv[1], &cib, &length, NULL)) {
        fprintf(stderr, "usage: decide-timer CIBFILE NOW\n");
        return 64;
    }
    crm_log_init("decide-timer", LOG_CRIT, FALSE, FALSE, 0, NULL, TRUE);
    set_crm_log_level(LOG_CRIT); /* else every line of the log is formatted, for nobody */
    crm_update_callsites();
    while (getchar() != EOF) {
        char *graph = NULL;
        long long from = monotonic_ns();
        pe_working_set_t *working_set = decide(cib, (int) length, (time_t) atoll(argv[2]), &graph);
        long long took = monotonic_ns() - from;

        if (graph == NULL) {
            fprintf(stderr, "decide-timer: no graph\n");
            return 65;
        }
        free(graph);
        pe_free_working_set(working_set);
        printf("%lld\n", took);
        fflush(stdout);
    }
    return 0;
}
