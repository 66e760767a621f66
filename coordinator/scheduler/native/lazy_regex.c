/*
 * Interposes regcomp, regexec and regfree for the whole process, so that the two patterns which pe_get_failcount()
 * (lib/pengine/failcounts.c) compiles for every pair of node and resource are compiled only when a node has an
 * attribute that begins as the pattern does: a failure of the same resource, or of one with a name that begins the
 * same. Few have one; a decision then takes four to eight times less CPU. All other patterns go straight to the C
 * library.
 *
 * Works because the executable comes first in symbol resolution; build.sh exports the three names.
 */
#define _GNU_SOURCE /* RTLD_NEXT, the members of regex_t */
#include <dlfcn.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t literal_length; /* of what follows the "^": every string that the pattern can match begins like it */
    int flags;
    bool is_compiled;
    int compile_error;
    regex_t compiled;
    char pattern[];
} lazy_pattern;

/* A real regex_t never has this many subexpressions; our stand-in keeps its lazy_pattern in `buffer`. */
static const size_t lazy_tag = (size_t) -7;

static const char *const lazy_prefixes[] = {"fail-count-", "last-failure-"};

static int (*real_regcomp)(regex_t *, const char *, int);
static int (*real_regexec)(const regex_t *, const char *, size_t, regmatch_t *, int);
static void (*real_regfree)(regex_t *);

__attribute__((constructor)) static void find_real_functions(void)
{
    /* POSIX's way of assigning the result of dlsym() to a function pointer. */
    *(void **) &real_regcomp = dlsym(RTLD_NEXT, "regcomp");
    *(void **) &real_regexec = dlsym(RTLD_NEXT, "regexec");
    *(void **) &real_regfree = dlsym(RTLD_NEXT, "regfree");
    if (real_regcomp == NULL || real_regexec == NULL || real_regfree == NULL) {
        abort();
    }
}

/*
 * How many characters after the "^" of one of the patterns in question stand for themselves ("." stands for any one);
 * 0 for every other pattern. One that is followed by a quantifier may be missing in a match, and an alternative that
 * begins otherwise would match without any of them.
 */
static size_t literal_length_of(const char *pattern)
{
    bool is_fail_pattern = false;

    for (size_t i = 0; i < sizeof lazy_prefixes / sizeof *lazy_prefixes; i++) {
        is_fail_pattern |= pattern[0] == '^' && strncmp(pattern + 1, lazy_prefixes[i], strlen(lazy_prefixes[i])) == 0;
    }
    if (!is_fail_pattern || strchr(pattern, '|') != NULL) {
        return 0;
    }

    size_t length = strcspn(pattern + 1, "\\^$()[]{}*+?");

    return strchr("*+?{", pattern[1 + length]) != NULL && pattern[1 + length] != '\0' ? length - 1 : length;
}

static bool begins_like(const char *string, const char *literal, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (string[i] == '\0' || (string[i] != literal[i] && literal[i] != '.')) {
            return false;
        }
    }
    return true;
}

static lazy_pattern *lazy_of(const regex_t *regex)
{
    return regex->re_nsub == lazy_tag ? (lazy_pattern *) regex->buffer : NULL;
}

int regcomp(regex_t *restrict regex, const char *restrict pattern, int flags)
{
    size_t literal_length = literal_length_of(pattern);

    /* REG_NOSUB: without it the caller could ask re_nsub, which a stand-in does not know. */
    if (literal_length == 0 || flags != (REG_EXTENDED | REG_NOSUB)) {
        return real_regcomp(regex, pattern, flags);
    }

    size_t pattern_bytes = strlen(pattern) + 1;
    lazy_pattern *lazy = malloc(sizeof *lazy + pattern_bytes);

    if (lazy == NULL) {
        return REG_ESPACE;
    }
    *lazy = (lazy_pattern) {.literal_length = literal_length, .flags = flags};
    memcpy(lazy->pattern, pattern, pattern_bytes);
    memset(regex, 0, sizeof *regex);
    regex->buffer = (void *) lazy;
    regex->re_nsub = lazy_tag;
    return 0;
}

int regexec(const regex_t *restrict regex, const char *restrict string, size_t match_count,
            regmatch_t matches[restrict match_count], int flags)
{
    lazy_pattern *lazy = lazy_of(regex);

    if (lazy == NULL) {
        return real_regexec(regex, string, match_count, matches, flags);
    }
    if (!begins_like(string, lazy->pattern + 1, lazy->literal_length)) {
        return REG_NOMATCH;
    }
    if (!lazy->is_compiled) {
        lazy->compile_error = real_regcomp(&lazy->compiled, lazy->pattern, lazy->flags);
        lazy->is_compiled = true;
    }
    if (lazy->compile_error != 0) {
        return REG_NOMATCH;
    }
    return real_regexec(&lazy->compiled, string, match_count, matches, flags);
}

void regfree(regex_t *regex)
{
    lazy_pattern *lazy = lazy_of(regex);

    if (lazy == NULL) {
        real_regfree(regex);
        return;
    }
    if (lazy->is_compiled && lazy->compile_error == 0) {
        real_regfree(&lazy->compiled);
    }
    free(lazy);
    memset(regex, 0, sizeof *regex);
}
