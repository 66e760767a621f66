#include "decide.h"

#include "library_log.h"
#include "parse_cib.h"
#include "status.h"

#include <crm/common/iso8601.h>
#include <crm/common/util.h>
#include <crm/common/xml.h>
#include <crm/crm.h>
#include <crm/msg_xml.h>
#include <crm/pengine/status.h>
#include <crm_config.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

/* Exported by libpacemaker and libpe_status; declared only in headers that Pacemaker does not install. */
extern void pcmk__schedule_actions(xmlNode *cib, unsigned long long flags, pe_working_set_t *working_set);
extern uint32_t pe_wo;

/* Above this size the memory of a decision is given back to the system at once. */
static const size_t large_cib_bytes = 1u << 20;

static char *library_feature_set = NULL;

static json_writer begin_answer(const char *kind)
{
    json_writer json = {.text = g_string_sized_new(4096), .needs_comma = false};

    json_open(&json, NULL, '{');
    json_text(&json, "kind", kind);
    return json;
}

answer answer_refused(const char *reason, const char *message)
{
    json_writer json = begin_answer("refused");

    json_text(&json, "reason", reason);
    json_text(&json, "message", message);
    library_log_write(&json, "warnings");
    json_close(&json, '}');
    return (answer) {.meta = json.text, .graph = NULL};
}

/* What the library itself refuses only in the CIB manager (cib_process_replace), and what would switch off its checks. */
static void check_root(xmlNode *cib, refusal *refused)
{
    const char *feature_set = crm_element_value(cib, XML_ATTR_CRM_VERSION);
    const char *schema = crm_element_value(cib, XML_ATTR_VALIDATION);

    if (strcmp((const char *) cib->name, XML_TAG_CIB) != 0) {
        refused->reason = "not-a-cib";
        refused->message = g_strdup_printf("the root element is <%s>, not <cib>", cib->name);
    } else if (feature_set != NULL && compare_version(feature_set, library_feature_set) > 0) {
        refused->reason = "feature-set";
        refused->message = g_strdup_printf("crm_feature_set %s is newer than the library's %s", feature_set, library_feature_set);
    } else if (schema != NULL && g_ascii_strcasecmp(schema, "none") == 0) {
        refused->reason = "schema";
        refused->message = g_strdup("validate-with=\"none\" would switch off schema validation");
    }
}

static char *describe_schema_error(xmlNode *cib, const char *error)
{
    const char *schema = crm_element_value(cib, XML_ATTR_VALIDATION);

    return g_strdup_printf("does not satisfy %s: %s", schema != NULL ? schema : "any schema",
                           error != NULL ? error : "the library gives no reason");
}

/* Brings an old configuration to an acceptable schema, then validates. May replace `*cib`. */
static void check_schema(xmlNode **cib, refusal *refused)
{
    if (!cli_config_update(cib, NULL, TRUE)) { /* tries every schema; what it makes of that comes last */
        refused->reason = "schema";
        refused->message = describe_schema_error(*cib, library_log_last_error());
    } else if (!validate_xml(*cib, NULL, TRUE)) { /* the first complaint is the most specific one */
        refused->reason = "schema";
        refused->message = describe_schema_error(*cib, library_log_first_error());
    }
}

/* The sequence of crm_simulate (pcmk__simulate): status first, then the actions on the same working set. */
static answer run_scheduler(xmlNode *cib, question asked)
{
    pe_working_set_t *working_set = pe_new_working_set();
    time_t now_s = (time_t) asked.now;

    if (working_set == NULL) {
        abort(); /* out of memory */
    }
    working_set->input = cib;
    working_set->now = crm_time_new(NULL);
    crm_time_set_timet(working_set->now, &now_s);
    working_set->flags |= pe_flag_no_compat | (asked.is_sanitized ? pe_flag_sanitized : 0);
    cluster_status(working_set);
    pcmk__schedule_actions(cib, pe_flag_no_compat, working_set);

    if (working_set->graph == NULL) {
        fprintf(stderr, "cpe-scheduler: the library made no graph\n");
        abort();
    }
    /* The library numbers graphs in a counter of the process. Numbering is the caller's: same input, same bytes. */
    crm_xml_add_int(working_set->graph, "transition_id", 0);

    char *graph = dump_xml_unformatted(working_set->graph);
    json_writer json = begin_answer("graph");

    if (working_set->recheck_by > 0) {
        json_number(&json, "recheckAtUnixS", (long long) working_set->recheck_by);
    } else {
        json_null(&json, "recheckAtUnixS");
    }
    library_log_write(&json, "warnings");
    if (asked.wants_status) {
        write_status(&json, "status", working_set);
    }
    json_close(&json, '}');
    return (answer) {.meta = json.text, .graph = graph, .memory = working_set};
}

static void forget_last_decision(void)
{
    library_log_clear();
    pe_wo = 0; /* else a "warn once" warning would come with the first decision of a process only */
    crm_config_error = crm_config_warning = FALSE;
    was_processing_error = was_processing_warning = FALSE;
    crm_enable_stderr(FALSE); /* a soft assertion switches it on for good */
}

answer answer_decide(char *text, size_t length, question asked)
{
    refusal refused = {0};
    answer given;

    forget_last_decision();

    xmlNode *cib = parse_cib(text, length, &refused);

    free(text);
    if (cib != NULL) {
        check_root(cib, &refused);
    }
    if (refused.reason == NULL) {
        if (pcmk_find_cib_element(cib, XML_CIB_TAG_STATUS) == NULL) {
            create_xml_node(cib, XML_CIB_TAG_STATUS); /* as crm_simulate does for a bare configuration */
        }
        check_schema(&cib, &refused);
    }
    if (refused.reason == NULL) {
        given = run_scheduler(cib, asked);
    } else {
        given = answer_refused(refused.reason, refused.message);
        free_xml(cib);
        g_free(refused.message);
    }
    given.is_large = length > large_cib_bytes;
    return given;
}

answer answer_hello(void)
{
    json_writer json = begin_answer("hello");

    json_text(&json, "library", PACEMAKER_VERSION);
    json_text(&json, "featureSet", library_feature_set);
    json_text(&json, "schema", xml_latest_schema());
    json_close(&json, '}');
    return (answer) {.meta = json.text, .graph = NULL};
}

void answer_free(answer *given)
{
    g_string_free(given->meta, TRUE);
    free(given->graph);
    pe_free_working_set(given->memory); /* with the input, the graph and the time; does nothing about NULL */
    if (given->is_large) {
        malloc_trim(0);
    }
}

/* One online node and one resource never probed there: the graph has a probe, which carries the feature set. */
static char *warm_up_cib(void)
{
    return crm_strdup_printf(
        "<cib crm_feature_set=\"%s\" validate-with=\"%s\" have-quorum=\"1\" admin_epoch=\"0\" epoch=\"0\" num_updates=\"0\">"
        "<configuration><crm_config><cluster_property_set id=\"o\"><nvpair id=\"o-s\" name=\"stonith-enabled\" value=\"false\"/>"
        "</cluster_property_set></crm_config><nodes><node id=\"1\" uname=\"n\"/></nodes><resources>"
        "<primitive id=\"r\" class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\"/></resources><constraints/></configuration>"
        "<status><node_state id=\"1\" uname=\"n\" in_ccm=\"true\" crmd=\"online\" join=\"member\" expected=\"member\"/></status></cib>",
        CRM_FEATURE_SET, xml_latest_schema());
}

/* The feature set of the library that is loaded, which may be newer than the header this file was compiled with. */
static char *feature_set_of(const char *graph)
{
    static const char attribute[] = " crm_feature_set=\"";
    const char *start = graph != NULL ? strstr(graph, attribute) : NULL;

    if (start == NULL) {
        return NULL;
    }
    start += sizeof attribute - 1;
    return g_strndup(start, strcspn(start, "\""));
}

const char *decide_init(void)
{
    /* crm_log_init() fiddles with the umask; nothing here creates files that others should read. */
    crm_log_init("cpe-scheduler", LOG_CRIT, FALSE, FALSE, 0, NULL, TRUE);
    umask(S_IRWXG | S_IRWXO);
    library_log_init();

    char *cib = warm_up_cib();

    library_feature_set = g_strdup(CRM_FEATURE_SET);

    answer warm_up = answer_decide(cib, strlen(cib), (question) {.now = 1});
    char *feature_set = feature_set_of(warm_up.graph);

    if (feature_set == NULL) {
        return g_strdup(warm_up.meta->str); /* says why; the process ends with it */
    }
    answer_free(&warm_up);
    g_free(library_feature_set);
    library_feature_set = feature_set;
    return NULL;
}
