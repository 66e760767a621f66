#include "status.h"

#include <crm/common/util.h>
#include <crm/pengine/common.h>
#include <crm/pengine/complex.h>

/* A guest node is a remote node whose connection lives in a resource that contains it (pe__is_guest_node). */
static const char *node_kind(const struct pe_node_shared_s *node)
{
    if (node->type != node_remote) {
        return "member";
    }
    return node->remote_rsc != NULL && node->remote_rsc->container != NULL ? "guest" : "remote";
}

static const char *variant_name(const pe_resource_t *resource)
{
    switch (resource->variant) {
        case pe_group:
            return "group";
        case pe_clone:
            return "clone";
        case pe_container:
            return "bundle";
        default:
            return "primitive";
    }
}

static void write_node(json_writer *json, const struct pe_node_shared_s *node)
{
    json_open(json, NULL, '{');
    json_text(json, "id", node->id);
    json_text(json, "name", node->uname);
    json_text(json, "kind", node_kind(node));
    json_bool(json, "isOnline", node->online);
    json_bool(json, "isUnclean", node->unclean);
    json_bool(json, "isPending", node->pending);
    json_bool(json, "isStandby", node->standby);
    json_bool(json, "isInMaintenance", node->maintenance);
    json_bool(json, "isShuttingDown", node->shutdown);
    json_number(json, "runningResources", g_list_length(node->running_rsc));
    json_close(json, '}');
}

static void write_resource(json_writer *json, const pe_resource_t *resource)
{
    json_open(json, NULL, '{');
    json_text(json, "id", resource->id);
    json_text(json, "parent", resource->parent != NULL ? resource->parent->id : NULL);
    json_text(json, "variant", variant_name(resource));
    json_text(json, "role", role2text(resource->fns->state(resource, TRUE)));
    json_text(json, "nextRole", role2text(resource->next_role));
    json_bool(json, "isFailed", pcmk_is_set(resource->flags, pe_rsc_failed));
    json_bool(json, "isBlocked", pcmk_is_set(resource->flags, pe_rsc_block));
    json_bool(json, "isManaged", pcmk_is_set(resource->flags, pe_rsc_managed));
    json_bool(json, "isOrphan", pcmk_is_set(resource->flags, pe_rsc_orphan));
    json_text(json, "pendingOperation", resource->pending_task);
    json_open(json, "on", '[');
    for (const GList *item = resource->running_on; item != NULL; item = item->next) {
        json_text(json, NULL, ((const pe_node_t *) item->data)->details->uname);
    }
    json_close(json, ']');
    json_text(json, "to", resource->allocated_to != NULL ? resource->allocated_to->details->uname : NULL);
    json_close(json, '}');

    for (const GList *item = resource->children; item != NULL; item = item->next) {
        write_resource(json, item->data);
    }
}

void write_status(json_writer *json, const char *key, const pe_working_set_t *working_set)
{
    json_open(json, key, '{');
    json_open(json, "nodes", '[');
    for (const GList *item = working_set->nodes; item != NULL; item = item->next) {
        write_node(json, ((const pe_node_t *) item->data)->details);
    }
    json_close(json, ']');
    json_open(json, "resources", '[');
    for (const GList *item = working_set->resources; item != NULL; item = item->next) {
        write_resource(json, item->data);
    }
    json_close(json, ']');
    json_close(json, '}');
}
