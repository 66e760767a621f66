#pragma once

#include "json.h"

/* The library explains itself only in its log. These functions keep the warnings and errors of one decision. */

void library_log_init(void); /* after crm_log_init() */
void library_log_clear(void);
void library_log_write(json_writer *json, const char *key);

/* The first or the last error kept, or NULL: the reason for a refusal. Valid until the log is cleared. */
const char *library_log_first_error(void);
const char *library_log_last_error(void);
