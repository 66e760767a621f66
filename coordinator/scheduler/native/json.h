#pragma once

#include <glib.h>
#include <stdbool.h>

/* Appends one JSON text to a GString. `key` is NULL inside an array; keys and values are escaped, values made valid UTF-8. */
typedef struct {
    GString *text;
    bool needs_comma;
} json_writer;

void json_open(json_writer *json, const char *key, char bracket);
void json_close(json_writer *json, char bracket);
void json_text(json_writer *json, const char *key, const char *value); /* NULL becomes null */
void json_bool(json_writer *json, const char *key, bool value);
void json_number(json_writer *json, const char *key, long long value);
void json_null(json_writer *json, const char *key);
