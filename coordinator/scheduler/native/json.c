#include "json.h"

static void quote(GString *out, const char *value)
{
    g_string_append_c(out, '"');
    for (const unsigned char *c = (const unsigned char *) value; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            g_string_append_c(out, '\\');
            g_string_append_c(out, (char) *c);
        } else if (*c < 0x20) {
            g_string_append_printf(out, "\\u%04x", *c);
        } else {
            g_string_append_c(out, (char) *c);
        }
    }
    g_string_append_c(out, '"');
}

static void begin_value(json_writer *json, const char *key)
{
    if (json->needs_comma) {
        g_string_append_c(json->text, ',');
    }
    json->needs_comma = true;
    if (key != NULL) {
        quote(json->text, key);
        g_string_append_c(json->text, ':');
    }
}

void json_open(json_writer *json, const char *key, char bracket)
{
    begin_value(json, key);
    g_string_append_c(json->text, bracket);
    json->needs_comma = false;
}

void json_close(json_writer *json, char bracket)
{
    g_string_append_c(json->text, bracket);
    json->needs_comma = true;
}

void json_text(json_writer *json, const char *key, const char *value)
{
    if (value == NULL) {
        json_null(json, key);
        return;
    }
    begin_value(json, key);
    if (g_utf8_validate(value, -1, NULL)) {
        quote(json->text, value);
    } else { /* a log line that the library cut in the middle of a character */
        char *valid = g_utf8_make_valid(value, -1);

        quote(json->text, valid);
        g_free(valid);
    }
}

void json_bool(json_writer *json, const char *key, bool value)
{
    begin_value(json, key);
    g_string_append(json->text, value ? "true" : "false");
}

void json_number(json_writer *json, const char *key, long long value)
{
    begin_value(json, key);
    g_string_append_printf(json->text, "%lld", value);
}

void json_null(json_writer *json, const char *key)
{
    begin_value(json, key);
    g_string_append(json->text, "null");
}
