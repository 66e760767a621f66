#include "library_log.h"

#include <crm/common/logging.h>
#include <qb/qblog.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <syslog.h>

enum { MAX_LINES = 1000, MAX_LINE_BYTES = 4096 };

typedef struct {
    bool is_error;
    const char *source; /* owned by the library: the function's name */
    char *message;
} line;

static GArray *lines = NULL;
static unsigned dropped = 0;

static void keep_line(int32_t target, struct qb_log_callsite *callsite, struct timespec *timestamp, const char *message)
{
    (void) target;
    (void) timestamp;
    if (lines->len >= MAX_LINES) {
        dropped++;
        return;
    }

    line kept = {
        .is_error = callsite->priority <= LOG_ERR,
        .source = callsite->function,
        .message = g_strdup(message),
    };
    g_strchomp(kept.message);
    g_array_append_val(lines, kept);
}

static void free_line(void *kept)
{
    g_free(((line *) kept)->message);
}

void library_log_init(void)
{
    lines = g_array_new(FALSE, FALSE, sizeof(line));
    g_array_set_clear_func(lines, free_line);

    int32_t target = qb_log_custom_open(keep_line, NULL, NULL, NULL);

    if (target < 0) {
        return;
    }
    qb_log_filter_ctl(target, QB_LOG_FILTER_ADD, QB_LOG_FILTER_FILE, "*", LOG_WARNING);
    qb_log_ctl(target, QB_LOG_CONF_MAX_LINE_LEN, MAX_LINE_BYTES);
    qb_log_ctl(target, QB_LOG_CONF_ENABLED, QB_TRUE);
    /* libqb's filter alone is not enough: Pacemaker's own filter of call sites honours only this level. */
    set_crm_log_level(LOG_WARNING);
    crm_update_callsites();
}

void library_log_clear(void)
{
    g_array_set_size(lines, 0);
    dropped = 0;
}

void library_log_write(json_writer *json, const char *key)
{
    json_open(json, key, '[');
    for (unsigned i = 0; i < lines->len; i++) {
        const line *kept = &g_array_index(lines, line, i);

        json_open(json, NULL, '{');
        json_text(json, "severity", kept->is_error ? "error" : "warning");
        json_text(json, "source", kept->source);
        json_text(json, "message", kept->message);
        json_close(json, '}');
    }
    if (dropped > 0) {
        char *message = g_strdup_printf("%u further messages dropped", dropped);

        json_open(json, NULL, '{');
        json_text(json, "severity", "warning");
        json_text(json, "source", "cpe-scheduler");
        json_text(json, "message", message);
        json_close(json, '}');
        g_free(message);
    }
    json_close(json, ']');
}

const char *library_log_first_error(void)
{
    for (unsigned i = 0; i < lines->len; i++) {
        const line *kept = &g_array_index(lines, line, i);

        if (kept->is_error) {
            return kept->message;
        }
    }
    return NULL;
}

const char *library_log_last_error(void)
{
    for (unsigned i = lines->len; i > 0; i--) {
        const line *kept = &g_array_index(lines, line, i - 1);

        if (kept->is_error) {
            return kept->message;
        }
    }
    return NULL;
}
