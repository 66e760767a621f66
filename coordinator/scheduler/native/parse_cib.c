#include "parse_cib.h"

#include <glib.h>
#include <libxml/parser.h>
#include <stdbool.h>

/* Called at "<!DOCTYPE name", before any declaration in it is read. */
static void stop_at_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    xmlParserCtxtPtr parser = context;

    (void) name;
    (void) external;
    (void) system;
    *(bool *) parser->_private = true;
    xmlStopParser(parser);
}

static char *describe_error(xmlParserCtxtPtr parser)
{
    xmlErrorPtr error = xmlCtxtGetLastError(parser);

    if (error == NULL || error->message == NULL) {
        return g_strdup("not a well-formed document");
    }

    char *message = g_strdup_printf("line %d: %s", error->line, error->message);

    return g_strchomp(message);
}

xmlNode *parse_cib(const char *text, size_t length, refusal *refused)
{
    bool has_doctype = false;
    xmlParserCtxtPtr parser = xmlNewParserCtxt();

    parser->_private = &has_doctype;
    parser->sax->internalSubset = stop_at_doctype;
    parser->sax->comment = NULL;
    parser->sax->processingInstruction = NULL;

    /* The encoding is given, not detected: a declaration in the text cannot change how it is read. */
    xmlDocPtr document = xmlCtxtReadMemory(
        parser, text, (int) length, NULL, "UTF-8",
        XML_PARSE_NOBLANKS | XML_PARSE_NOCDATA | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET);
    xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;

    if (has_doctype) {
        refused->reason = "forbidden-xml";
        refused->message = g_strdup("a CIB has no DOCTYPE and no entities of its own");
    } else if (root == NULL) {
        refused->reason = "malformed-xml";
        refused->message = describe_error(parser);
    }
    xmlFreeParserCtxt(parser);

    if (refused->reason != NULL) {
        xmlFreeDoc(document);
        return NULL;
    }
    return root;
}
