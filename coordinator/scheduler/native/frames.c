#include "frames.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

typedef struct {
    uint32_t magic;
    uint32_t id;
    uint32_t kind;
    uint32_t flags;
    uint64_t now;
    uint64_t body_length;
} wire_request;

typedef struct {
    uint32_t magic;
    uint32_t id;
    uint32_t meta_length;
    uint32_t graph_length;
} wire_response;

_Static_assert(sizeof(wire_request) == 32 && sizeof(wire_response) == 16, "no padding on the wire");

/* Returns how much was read: less than asked only at the end of the stream or on an error. */
static size_t read_fully(int fd, void *buffer, size_t length)
{
    size_t have = 0;

    while (have < length) {
        ssize_t got = read(fd, (char *) buffer + have, length - have);

        if (got > 0) {
            have += (size_t) got;
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    return have;
}

bool read_exactly(int fd, void *buffer, size_t length)
{
    return read_fully(fd, buffer, length) == length;
}

bool discard(int fd, uint64_t length)
{
    char scratch[65536];

    while (length > 0) {
        size_t part = length < sizeof scratch ? (size_t) length : sizeof scratch;

        if (!read_exactly(fd, scratch, part)) {
            return false;
        }
        length -= part;
    }
    return true;
}

read_result read_request_header(int fd, request_header *header)
{
    wire_request wire;
    size_t have = read_fully(fd, &wire, sizeof wire);

    if (have == 0) {
        return READ_END;
    }
    if (have < sizeof wire || le32toh(wire.magic) != FRAME_MAGIC) {
        return READ_BROKEN;
    }
    *header = (request_header) {
        .id = le32toh(wire.id),
        .kind = le32toh(wire.kind),
        .flags = le32toh(wire.flags),
        .now = (int64_t) le64toh(wire.now),
        .body_length = le64toh(wire.body_length),
    };
    return READ_OK;
}

/* In as few pieces as the pipe takes: every piece wakes up the reader. Changes `parts`. */
static bool write_fully(int fd, struct iovec *parts, int count)
{
    while (count > 0) {
        ssize_t put = writev(fd, parts, count);

        if (put < 0) {
            if (errno != EINTR) {
                return false;
            }
            continue;
        }
        while (count > 0 && (size_t) put >= parts->iov_len) {
            put -= (ssize_t) parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (char *) parts->iov_base + put;
            parts->iov_len -= (size_t) put;
        }
    }
    return true;
}

bool write_response(int fd, uint32_t id, const char *meta, size_t meta_length, const char *graph, size_t graph_length)
{
    if (meta_length > UINT32_MAX || graph_length > UINT32_MAX) {
        return false;
    }

    wire_response wire = {
        .magic = htole32(FRAME_MAGIC),
        .id = htole32(id),
        .meta_length = htole32((uint32_t) meta_length),
        .graph_length = htole32((uint32_t) graph_length),
    };

    struct iovec parts[] = {
        {.iov_base = &wire, .iov_len = sizeof wire},
        {.iov_base = (void *) meta, .iov_len = meta_length},
        {.iov_base = (void *) graph, .iov_len = graph_length},
    };

    return write_fully(fd, parts, sizeof parts / sizeof *parts);
}
