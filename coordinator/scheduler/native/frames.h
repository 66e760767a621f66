#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The protocol with the client (scheduler-frames.ts), little-endian, one request and one response at a time.
 *
 *   request:  magic u32, id u32, kind u32, flags u32, now i64 (seconds since the epoch), body length u64, body (the CIB)
 *   response: magic u32, id u32, meta length u32, graph length u32, meta (JSON), graph (XML)
 */
enum { FRAME_MAGIC = 0x31455043 }; /* "CPE1": the version of the protocol */

enum { REQUEST_HELLO = 1, REQUEST_DECIDE = 2 };

enum { REQUEST_FLAG_SANITIZED = 1, REQUEST_FLAG_WITH_STATUS = 2 };

typedef struct {
    uint32_t id;
    uint32_t kind;
    uint32_t flags;
    int64_t now;
    uint64_t body_length;
} request_header;

typedef enum { READ_OK, READ_END, READ_BROKEN } read_result;

read_result read_request_header(int fd, request_header *header);
bool read_exactly(int fd, void *buffer, size_t length);
bool discard(int fd, uint64_t length);
bool write_response(int fd, uint32_t id, const char *meta, size_t meta_length, const char *graph, size_t graph_length);
