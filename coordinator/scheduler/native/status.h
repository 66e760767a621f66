#pragma once

#include "json.h"

#include <crm/pengine/pe_types.h>

/* Writes `key: {nodes: [...], resources: [...]}` as the library sees them after a decision: where everything is, and where it is going. */
void write_status(json_writer *json, const char *key, const pe_working_set_t *working_set);
