/*
 * The library's own execution of a transition graph, step by step, for comparing ours with it.
 *
 *   golden-consumer GRAPH.xml JOBS
 *
 * JOBS is how many operations may be in flight on a node. Reads one command a line, answers `pass` with one line:
 *
 *   pass BATCH          execute once, with that batch limit  ->  "STATUS ID ID ...": what fired, pseudo actions included
 *   ok ID | fail ID     the result of an action in flight
 *   lost ID             no result came in time
 *   abort PRIORITY
 *   node UUID NAME      a node is gone
 *
 * Readiness, priorities, passes, batch limit and status are libpacemaker's (lib/pacemaker/pcmk_graph_consumer.c); what the
 * controller adds (daemons/controld/controld_te_*.c) is here: limits per node, what aborts, and what a lost node fails.
 */
#include <crm/common/xml.h>
#include <crm/crm.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The library's interface to its own daemons, exported and not installed: layouts are those of 2.1.5. */
enum kind { KIND_PSEUDO, KIND_RESOURCE, KIND_CLUSTER };
enum { SYNAPSE_FAILED = 1 << 1, SYNAPSE_CONFIRMED = 1 << 3 };
enum { ACTION_EXECUTED = 1 << 1, ACTION_CONFIRMED = 1 << 2, ACTION_FAILED = 1 << 3 };

typedef struct {
    int id, priority;
    uint32_t flags;
    GList *actions, *inputs;
} synapse_t;

typedef struct {
    int id, timeout, timer;
    guint interval_ms;
    GHashTable *params;
    enum kind type;
    synapse_t *synapse;
    uint32_t flags;
    xmlNode *xml;
} action_t;

typedef struct {
    int id;
    char *source;
    int abort_priority;
    bool complete;
    const char *abort_reason;
    int completion_action;
    int num_actions, num_synapses;
    int batch_limit;
    guint network_delay, stonith_timeout;
    int fired, pending, skipped, completed, incomplete;
    GList *synapses;
    int migration_limit;
} graph_t;

typedef struct {
    int (*pseudo)(graph_t *, action_t *);
    int (*resource)(graph_t *, action_t *);
    int (*cluster)(graph_t *, action_t *);
    int (*fence)(graph_t *, action_t *);
    bool (*allowed)(graph_t *, action_t *);
} functions_t;

extern void pcmk__set_graph_functions(functions_t *functions);
extern graph_t *pcmk__unpack_graph(xmlNode *xml, const char *reference);
extern int pcmk__execute_graph(graph_t *graph);
extern void pcmk__update_graph(graph_t *graph, action_t *action);

#define INFINITE 1000000
static const char *const status_names[] = {"active", "pending", "complete", "terminated"};

struct jobs {
    int running, migrating;
};
static GHashTable *jobs_by_node;
static int job_limit;
static GString *fired;

static struct jobs *jobs_on(const char *node)
{
    struct jobs *jobs = g_hash_table_lookup(jobs_by_node, node);

    if (jobs == NULL) {
        jobs = g_new0(struct jobs, 1);
        g_hash_table_insert(jobs_by_node, g_strdup(node), jobs);
    }
    return jobs;
}

static const char *text(const action_t *action, const char *name)
{
    return crm_element_value(action->xml, name);
}

static bool is_task(const action_t *action, const char *task)
{
    return g_strcmp0(text(action, "operation"), task) == 0;
}

static bool migrates(const action_t *action)
{
    return is_task(action, "migrate_to") || is_task(action, "migrate_from");
}

/* One node, or both ends of a migration that no other node relays; each has room for `count` only if all have. */
static int nodes_of(const action_t *action, const char *nodes[2])
{
    nodes[0] = text(action, "router_node");
    if (nodes[0] == NULL && migrates(action)) {
        nodes[0] = g_hash_table_lookup(action->params, "CRM_meta_migrate_source");
        nodes[1] = g_hash_table_lookup(action->params, "CRM_meta_migrate_target");
        return 2;
    }
    if (nodes[0] == NULL) {
        nodes[0] = text(action, "on_node");
    }
    return 1;
}

static void count_job(const action_t *action, int by)
{
    const char *nodes[2];
    const int count = nodes_of(action, nodes);

    for (int i = 0; i < count; i++) {
        jobs_on(nodes[i])->running += by;
        jobs_on(nodes[i])->migrating += count == 2 ? by : 0;
    }
}

static bool allowed(graph_t *graph, action_t *action)
{
    const char *nodes[2];

    if (action->type != KIND_RESOURCE) {
        return true;
    }
    for (int i = nodes_of(action, nodes) - 1; i >= 0; i--) {
        const struct jobs *jobs = jobs_on(nodes[i]);

        if (jobs->running >= job_limit) {
            return false;
        }
        if (graph->migration_limit > 0 && jobs->migrating >= graph->migration_limit && migrates(action)) {
            return false;
        }
    }
    return true;
}

static void confirm(graph_t *graph, action_t *action, bool was_counted)
{
    if (was_counted && action->type == KIND_RESOURCE) {
        count_job(action, -1);
    }
    action->flags |= ACTION_CONFIRMED;
    pcmk__update_graph(graph, action);
}

static int fire_pseudo(graph_t *graph, action_t *action)
{
    g_string_append_printf(fired, " %d", action->id);
    confirm(graph, action, false);
    return 0;
}

static int fire_waiting(graph_t *graph, action_t *action)
{
    g_string_append_printf(fired, " %d", action->id);
    if (crm_is_true(g_hash_table_lookup(action->params, "CRM_meta_op_no_wait"))) {
        confirm(graph, action, false);
    } else if (action->type == KIND_RESOURCE) {
        count_job(action, 1);
    }
    return 0;
}

static int fire_fencing(graph_t *graph, action_t *action)
{
    (void) graph;
    g_string_append_printf(fired, " %d", action->id);
    return 0;
}

static void raise_abort(graph_t *graph, int priority)
{
    if (graph->abort_priority < priority) {
        graph->abort_priority = priority;
    }
}

static action_t *find_action(graph_t *graph, int id)
{
    for (GList *s = graph->synapses; s != NULL; s = s->next) {
        for (GList *a = ((synapse_t *) s->data)->actions; a != NULL; a = a->next) {
            if (((action_t *) a->data)->id == id) {
                return a->data;
            }
        }
    }
    fprintf(stderr, "golden-consumer: no action %d\n", id);
    exit(1);
}

static void settle(graph_t *graph, action_t *action, const char *how)
{
    if ((action->flags & ACTION_CONFIRMED) || (action->synapse->flags & SYNAPSE_FAILED)) {
        return;
    }
    if (strcmp(how, "ok") != 0) {
        action->flags |= ACTION_FAILED;
    }
    confirm(graph, action, true);
    if (strcmp(how, "lost") == 0 || (strcmp(how, "fail") == 0 && is_task(action, "stonith"))) {
        raise_abort(graph, INFINITE);
    } else if (strcmp(how, "fail") == 0) {
        raise_abort(graph, action->synapse->priority + 1);
    }
}

static void lose_node(graph_t *graph, const char *uuid, const char *name)
{
    bool is_affected = false;

    for (GList *s = graph->synapses; s != NULL; s = s->next) {
        synapse_t *synapse = s->data;

        if (synapse->flags & (SYNAPSE_CONFIRMED | SYNAPSE_FAILED)) {
            continue;
        }
        for (GList *a = synapse->actions; a != NULL; a = a->next) {
            action_t *action = a->data;

            if (action->type == KIND_PSEUDO || (action->flags & ACTION_CONFIRMED)
                || (action->type == KIND_CLUSTER && is_task(action, "stonith"))) {
                continue;
            }
            if (g_strcmp0(text(action, "on_node_uuid"), uuid) == 0
                || g_strcmp0(text(action, "router_node"), name) == 0) {
                /* The controller forgets to; it counts anew with the next transition (te_reset_job_counts()). */
                if (action->type == KIND_RESOURCE && (action->flags & ACTION_EXECUTED)) {
                    count_job(action, -1);
                }
                action->flags |= ACTION_FAILED;
                synapse->flags |= SYNAPSE_FAILED;
                pcmk__update_graph(graph, action);
                is_affected = true;
            }
        }
    }
    if (is_affected) {
        raise_abort(graph, INFINITE);
    }
}

int main(int argc, char **argv)
{
    functions_t functions = {fire_pseudo, fire_waiting, fire_waiting, fire_fencing, allowed};
    char line[512], word[16], first[256], second[256];
    xmlNode *xml = argc == 3 ? filename2xml(argv[1]) : NULL;
    graph_t *graph = xml == NULL ? NULL : pcmk__unpack_graph(xml, "golden-consumer");

    if (graph == NULL) {
        fprintf(stderr, "usage: %s GRAPH.xml JOBS\n", argv[0]);
        return 64;
    }
    job_limit = atoi(argv[2]);
    jobs_by_node = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    fired = g_string_new(NULL);
    pcmk__set_graph_functions(&functions);
    while (fgets(line, sizeof line, stdin) != NULL) {
        int words = sscanf(line, "%15s %255s %255s", word, first, second);

        if (words == 2 && strcmp(word, "pass") == 0) {
            g_string_truncate(fired, 0);
            graph->batch_limit = atoi(first);
            const char *status = status_names[pcmk__execute_graph(graph)];
            printf("%s%s\n", status, fired->str);
        } else if (words == 2 && strcmp(word, "abort") == 0) {
            raise_abort(graph, atoi(first));
        } else if (words == 3 && strcmp(word, "node") == 0) {
            lose_node(graph, first, second);
        } else if (words == 2) {
            settle(graph, find_action(graph, atoi(first)), word);
        } else {
            fprintf(stderr, "%s: no command: %s", argv[0], line);
            return 64;
        }
    }
    return 0;
}
