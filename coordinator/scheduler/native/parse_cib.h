#pragma once

#include <libxml/tree.h>
#include <stddef.h>

/* Why an input was not decided. `reason` is NULL when it was; `message` is then NULL too, otherwise g_malloc'd. */
typedef struct {
    const char *reason;
    char *message;
} refusal;

/*
 * Parses UTF-8 text into the root element of a document that the Pacemaker library may own: well-formed, no DOCTYPE
 * (so no entities), no comments, no processing instructions, nothing fetched, libxml2's own limits on depth and sizes.
 *
 * The library's parser (string2xml) would not do: it recovers from errors and answers for half a CIB.
 *
 * Returns NULL and fills `refused` (malformed-xml, forbidden-xml) when the text is not such a document.
 */
xmlNode *parse_cib(const char *text, size_t length, refusal *refused);
