/*
 * cpe-spawner: starts commands for the agent, and tells how they ended.
 *
 * The kernel copies the page tables of whoever forks, and the agent is large. This is small, so a start costs a quarter of
 * what it costs the agent itself; and it starts a process inside its cgroup (clone3(2), CLONE_INTO_CGROUP).
 *
 * Standard input is a stream of requests. Each is its length (4 bytes, little-endian), then as many bytes: strings, each
 * with a NUL at its end:
 *
 *     ID          of the request, as the answer gives it back: no blanks
 *     PATH        of the program
 *     DIRECTORY   that it starts in
 *     LOG         file that its output is appended to
 *     CGROUP      directory of the cgroup that it starts in, made if it is not there; empty: that of the agent
 *     UID GID     empty: those of the agent; otherwise with
 *     GROUPS      supplementary groups, separated by commas; may be empty
 *     LIMITS      NAME=VALUE, separated by commas, soft and hard alike; names as in documents; may be empty
 *     COUNT       of arguments, argv[0] among them; then as many ARGUMENT
 *     NAME=VALUE  the environment: the rest
 *
 * Standard output answers with lines. A process is always started before it has ended, and its pid is no one else's in
 * between:
 *
 *     ready
 *     started ID PID STARTTIME     STARTTIME: field 22 of /proc/PID/stat, 0 if that cannot be read
 *     failed ID ERRNO STEP         nothing runs; STEP: what could not be done
 *     ended PID exit CODE
 *     ended PID signal NUMBER
 *
 * A command gets a session of its own, /dev/null as its input, no other open file, no blocked and no ignored signal, and
 * the usual OOM score. Whatever happens to this process, what it has started goes on. It ends with the agent.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than the kernel takes as arguments and environment of a program (execve(2): 6 MiB). */
#define REQUEST_LIMIT (8u * 1024 * 1024)
#define BUFFER_SIZE (64u * 1024)
/* While the agent does not read its answers, nothing is started for it. */
#define ANSWERS_LIMIT (64u * 1024)
#define GROUPS_LIMIT 65536
#define BATCH_LIMIT 256
#define ID_LIMIT 64

#define EXIT_MISUSED 64
#define EXIT_DATA 65
#define EXIT_SYSTEM 71

struct request {
	const char *id, *path, *directory, *log, *cgroup;
	bool has_owner;
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	size_t group_count;
	const char *limits;
	/* Memory of both; argv begins at its second place. */
	char **lists;
	char **argv;
	char **environment;
	/* Of this process. */
	int log_file, cgroup_directory;
};

/* Shared with the child. */
struct birth {
	/* It has executed something: otherwise it was killed before its first instruction. */
	bool has_lived;
	/* What it could not do; 0: it became the command. */
	int error;
	char step[32];
};

struct started {
	char id[ID_LIMIT];
	pid_t pid;
};

struct buffer {
	char *bytes;
	size_t used, size;
};

static struct birth *birth;
static struct buffer answers;
static bool is_spared;
static int null_file;

static _Noreturn void give_up(int code, const char *what)
{
	fprintf(stderr, "cpe-spawner: %s%s%s\n", what, code == EXIT_SYSTEM ? ": " : "",
		code == EXIT_SYSTEM ? strerror(errno) : "");
	exit(code);
}

static void reserve(struct buffer *buffer, size_t size)
{
	if (buffer->size >= size)
		return;
	char *bytes = realloc(buffer->bytes, size);

	if (bytes == NULL)
		give_up(EXIT_SYSTEM, "memory");
	buffer->bytes = bytes;
	buffer->size = size;
}

static __attribute__((format(printf, 1, 2))) void answer(const char *format, ...)
{
	char line[ID_LIMIT + 128];
	va_list values;

	va_start(values, format);
	int length = vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	if (length < 0 || (size_t)length >= sizeof(line))
		give_up(EXIT_DATA, "an answer is too long");
	reserve(&answers, answers.used + (size_t)length);
	memcpy(answers.bytes + answers.used, line, (size_t)length);
	answers.used += (size_t)length;
}

static void write_answers(void)
{
	ssize_t done = write(STDOUT_FILENO, answers.bytes, answers.used);

	if (done < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return;
		give_up(EXIT_SYSTEM, "the agent cannot be answered");
	}
	answers.used -= (size_t)done;
	memmove(answers.bytes, answers.bytes + done, answers.used);
}

/* Requests -------------------------------------------------------------------------------------------------------- */

struct strings {
	char *next, *end;
};

/* NULL when there is none left. The last byte of a request is known to be a NUL. */
static char *next_string(struct strings *strings)
{
	if (strings->next >= strings->end)
		return NULL;
	char *string = strings->next;

	strings->next += strlen(string) + 1;
	return string;
}

/* A number without sign or blanks, up to `most`. */
static bool parse_number(const char *text, char **end, unsigned long long most, unsigned long long *number)
{
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, end, 10);
	return errno == 0 && *number <= most;
}

static bool parse_whole_number(const char *text, unsigned long long most, unsigned long long *number)
{
	char *end = NULL;

	return parse_number(text, &end, most, number) && *end == '\0';
}

static bool parse_groups(char *text, struct request *request)
{
	size_t count = *text == '\0' ? 0 : 1;

	for (const char *at = text; *at != '\0'; at++)
		count += *at == ',';
	if (count > GROUPS_LIMIT)
		return false;
	request->groups = calloc(count + 1, sizeof(*request->groups));
	if (request->groups == NULL)
		give_up(EXIT_SYSTEM, "memory");
	for (char *at = text; request->group_count < count; at++) {
		unsigned long long group = 0;

		if (!parse_number(at, &at, UINT32_MAX - 1, &group) || (*at != ',' && *at != '\0'))
			return false;
		request->groups[request->group_count++] = (gid_t)group;
	}
	/* Each number was followed by a comma or by the end. */
	return true;
}

static bool parse_owner(const char *uid, const char *gid, char *groups, struct request *request)
{
	unsigned long long user = 0, group = 0;

	if (*uid == '\0')
		return *gid == '\0' && *groups == '\0';
	if (!parse_whole_number(uid, UINT32_MAX - 1, &user) || !parse_whole_number(gid, UINT32_MAX - 1, &group))
		return false;
	request->has_owner = true;
	request->uid = (uid_t)user;
	request->gid = (gid_t)group;
	return parse_groups(groups, request);
}

/* Its strings stay in `bytes`, which must end with a NUL. False when it is none. */
static bool parse_request(char *bytes, size_t length, struct request *request)
{
	struct strings strings = { bytes, bytes + length };
	char *head[10];
	unsigned long long count = 0;
	size_t rest = 0;

	memset(request, 0, sizeof(*request));
	for (size_t index = 0; index < 10; index++) {
		head[index] = next_string(&strings);
		if (head[index] == NULL)
			return false;
	}
	for (const char *at = strings.next; at < strings.end; at++)
		rest += *at == '\0';
	request->id = head[0];
	request->path = head[1];
	request->directory = head[2];
	request->log = head[3];
	request->cgroup = head[4];
	request->limits = head[8];
	if (*request->id == '\0' || strlen(request->id) >= ID_LIMIT || strpbrk(request->id, " \n") != NULL)
		return false;
	if (!parse_owner(head[5], head[6], head[7], request))
		return false;
	if (!parse_whole_number(head[9], rest, &count) || count == 0)
		return false;
	/* Both lists in one piece, each with a NULL at its end. */
	request->lists = calloc(1 + rest + 2, sizeof(char *));
	if (request->lists == NULL)
		give_up(EXIT_SYSTEM, "memory");
	request->argv = request->lists + 1;
	request->environment = request->argv + count + 1;
	for (size_t index = 0; index < count; index++)
		request->argv[index] = next_string(&strings);
	for (size_t index = 0; index < rest - count; index++)
		request->environment[index] = next_string(&strings);
	return true;
}

static void free_request(struct request *request)
{
	free(request->groups);
	free(request->lists);
}

/* The child ------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int resource;
} known_limits[] = {
	{ "open-files", RLIMIT_NOFILE }, { "processes", RLIMIT_NPROC }, { "memory", RLIMIT_AS },
	{ "stack", RLIMIT_STACK },       { "core", RLIMIT_CORE },       { "file-size", RLIMIT_FSIZE },
	{ "cpu-time", RLIMIT_CPU },
};

static _Noreturn void fail(const char *step)
{
	birth->error = errno;
	snprintf(birth->step, sizeof(birth->step), "%s", step);
	_exit(127);
}

static void set_limit(const char *name, size_t length, unsigned long long value)
{
	for (size_t index = 0; index < sizeof(known_limits) / sizeof(*known_limits); index++) {
		if (strlen(known_limits[index].name) != length || strncmp(known_limits[index].name, name, length) != 0)
			continue;
		struct rlimit limit = { (rlim_t)value, (rlim_t)value };

		if (setrlimit(known_limits[index].resource, &limit) != 0)
			fail("limit");
		return;
	}
	errno = EINVAL;
	fail("limit");
}

static void set_limits(const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "=");
		unsigned long long value = 0;
		char *end = NULL;

		errno = EINVAL;
		if (text[length] != '=' || !parse_number(text + length + 1, &end, ULLONG_MAX, &value))
			fail("limit");
		set_limit(text, length, value);
		text = *end == ',' ? end + 1 : end;
	}
}

/* What cannot be done about it is no reason not to run the command. */
static void write_unless_refused(int directory, const char *path)
{
	int file = openat(directory, path, O_WRONLY | O_CLOEXEC);

	if (file < 0)
		return;
	ssize_t ignored = write(file, "0", 1);

	(void)ignored;
	close(file);
}

/* As execvp(3) does: what the kernel does not know is a script of the shell. */
static void run_by_shell(struct request *request)
{
	request->lists[0] = "/bin/sh";
	request->argv[0] = (char *)request->path;
	execve(request->lists[0], request->lists, request->environment);
}

/* Changes nothing in memory but `birth` and the request: it may be that of the spawner. */
static _Noreturn void become(struct request *request, bool is_in_cgroup)
{
	sigset_t none;

	birth->has_lived = true;
	setsid();
	if (!is_in_cgroup && request->cgroup_directory >= 0)
		write_unless_refused(request->cgroup_directory, "cgroup.procs");
	if (dup2(null_file, STDIN_FILENO) < 0 || dup2(request->log_file, STDOUT_FILENO) < 0 ||
	    dup2(request->log_file, STDERR_FILENO) < 0)
		fail("output");
	if (is_spared)
		write_unless_refused(AT_FDCWD, "/proc/self/oom_score_adj");
	set_limits(request->limits);
	if (chdir(request->directory) != 0)
		fail("directory");
	if (request->has_owner) {
		if (setgroups(request->group_count, request->groups) != 0 || setgid(request->gid) != 0)
			fail("group");
		if (setuid(request->uid) != 0)
			fail("user");
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(request->path, request->argv, request->environment);
	if (errno == ENOEXEC)
		run_by_shell(request);
	fail("exec");
}

static int become_outside(void *request)
{
	become(request, false);
}

static int become_inside(void *request)
{
	become(request, true);
}

/* The spawner ----------------------------------------------------------------------------------------------------- */

static int open_cgroup(const char *directory)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	int file = open(directory, flags);

	if (file >= 0 || errno != ENOENT)
		return file;
	char *parent = strdup(directory);
	char *slash = parent != NULL ? strrchr(parent, '/') : NULL;

	if (slash != NULL) {
		*slash = '\0';
		mkdir(parent, 0777);
	}
	free(parent);
	mkdir(directory, 0777);
	return open(directory, flags);
}

static void reap_one(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Of the child that shares the memory of this process; this one waits meanwhile. */
static char stack[64 * 1024] __attribute__((aligned(64)));

/* clone3(2), after which the child calls become(). It needs a stack of its own where it shares memory, and a call that
 * returns twice cannot be written in C then. */
static long clone_into_cgroup(struct request *request)
{
	struct clone_args arguments = {
		.flags = CLONE_VFORK | CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)request->cgroup_directory,
	};
#if defined(__x86_64__)
	/* Sharing saves a third of the time. A process of another user must not get at this one's memory. */
	if (!request->has_owner) {
		long result;

		arguments.flags |= CLONE_VM;
		arguments.stack = (uint64_t)(uintptr_t)stack;
		arguments.stack_size = sizeof(stack);
		__asm__ volatile("syscall\n\t"
				 "testq %%rax, %%rax\n\t"
				 "jnz 1f\n\t"
				 "movq %[request], %%rdi\n\t"
				 "call *%[become]\n\t"
				 "ud2\n"
				 "1:"
				 : "=a"(result)
				 : "a"(SYS_clone3), "D"(&arguments), "S"(sizeof(arguments)), [request] "r"(request),
				   [become] "r"(become_inside)
				 : "rcx", "r11", "cc", "memory");
		if (result < 0) {
			errno = (int)-result;
			result = -1;
		}
		return result;
	}
#endif
	long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (pid == 0)
		become_inside(request);
	return pid;
}

/* Returns when the child has become the command, or has ended (CLONE_VFORK). */
static pid_t start_process(struct request *request)
{
	if (request->cgroup_directory >= 0) {
		long pid = clone_into_cgroup(request);

		if (pid > 0 && birth->has_lived)
			return (pid_t)pid;
		/* Seen with Linux 6.18, which counts how often a cgroup was killed (cgroup.kill): where ours and the child's
		 * were not killed equally often, it kills the child too, before its first instruction. */
		if (pid > 0)
			reap_one((pid_t)pid);
	}
	/* An older kernel, a filter of system calls, a cgroup that takes no process: then it moves itself. */
	const int shared = request->has_owner ? 0 : CLONE_VM;

	return clone(become_outside, stack + sizeof(stack), shared | CLONE_VFORK | SIGCHLD, request);
}

static void tell_failure(const struct request *request, int error, const char *step)
{
	answer("failed %s %d %s\n", request->id, error, step);
}

/* The pid of what was started; 0 when it was not, and that has been told. */
static pid_t start(struct request *request)
{
	/* As the agent itself opens a log. */
	request->log_file = open(request->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (request->log_file < 0) {
		tell_failure(request, errno, "log");
		return 0;
	}
	request->cgroup_directory = *request->cgroup == '\0' ? -1 : open_cgroup(request->cgroup);
	memset(birth, 0, sizeof(*birth));
	pid_t pid = start_process(request);

	if (pid < 0) {
		tell_failure(request, errno, "fork");
	} else if (birth->error != 0) {
		reap_one(pid);
		tell_failure(request, birth->error, birth->step);
	}
	close(request->log_file);
	if (request->cgroup_directory >= 0)
		close(request->cgroup_directory);
	return pid > 0 && birth->error == 0 ? pid : 0;
}

/* It may have ended already, but nobody has reaped it yet. */
static unsigned long long start_time(pid_t pid)
{
	char path[64], text[1024];
	unsigned long long time = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read(file, text, sizeof(text) - 1);

	if (file >= 0)
		close(file);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	/* Its name, which may hold blanks and parentheses, is the second of the fields. */
	char *at = strrchr(text, ')');

	for (int field = 2; at != NULL && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (at != NULL)
		sscanf(at, "%llu", &time);
	return time;
}

static void tell_started(const struct started *started, size_t count)
{
	for (size_t index = 0; index < count; index++)
		answer("started %s %d %llu\n", started[index].id, started[index].pid, start_time(started[index].pid));
}

static size_t length_of(const char *bytes)
{
	const unsigned char *at = (const unsigned char *)bytes;

	return at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

/* Takes one request from the front of the buffer. Returns its size; 0 when it has not come as a whole. */
static size_t take_request(char *bytes, size_t length, struct started *started, size_t *count)
{
	if (length < 4)
		return 0;
	size_t size = length_of(bytes);
	struct request request;

	if (size == 0 || size > REQUEST_LIMIT)
		give_up(EXIT_DATA, "this is no request: its size is impossible");
	if (length - 4 < size)
		return 0;
	if (bytes[4 + size - 1] != '\0' || !parse_request(bytes + 4, size, &request))
		give_up(EXIT_DATA, "this is no request");
	pid_t pid = start(&request);

	if (pid > 0) {
		snprintf(started[*count].id, ID_LIMIT, "%s", request.id);
		started[(*count)++].pid = pid;
	}
	free_request(&request);
	return 4 + size;
}

/* Everything is started before anything is told: looking for a start time is not urgent. */
static void take_requests(struct buffer *buffer)
{
	static struct started started[BATCH_LIMIT];
	size_t at = 0, count = 0;

	for (;;) {
		size_t size = take_request(buffer->bytes + at, buffer->used - at, started, &count);

		at += size;
		if (size == 0 || count == BATCH_LIMIT) {
			tell_started(started, count);
			count = 0;
		}
		if (size == 0)
			break;
	}
	buffer->used -= at;
	memmove(buffer->bytes, buffer->bytes + at, buffer->used);
	if (buffer->used < 4) {
		/* What a single large request needed is given back. */
		char *smaller = buffer->size > BUFFER_SIZE ? realloc(buffer->bytes, BUFFER_SIZE) : NULL;

		if (smaller != NULL) {
			buffer->bytes = smaller;
			buffer->size = BUFFER_SIZE;
		}
		return;
	}
	reserve(buffer, 4 + length_of(buffer->bytes));
}

static void read_requests(struct buffer *buffer)
{
	ssize_t done = read(STDIN_FILENO, buffer->bytes + buffer->used, buffer->size - buffer->used);

	if (done == 0)
		exit(EXIT_SUCCESS);
	if (done < 0) {
		if (errno == EINTR || errno == EAGAIN)
			return;
		give_up(EXIT_SYSTEM, "requests cannot be read");
	}
	buffer->used += (size_t)done;
	take_requests(buffer);
}

static void reap(int signals)
{
	struct signalfd_siginfo pending;
	int status = 0;
	pid_t pid = 0;

	while (read(signals, &pending, sizeof(pending)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (WIFEXITED(status))
			answer("ended %d exit %d\n", pid, WEXITSTATUS(status));
		else
			answer("ended %d signal %d\n", pid, WTERMSIG(status));
	}
}

static bool read_is_spared(void)
{
	char text[16] = "";
	int file = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read(file, text, sizeof(text) - 1);

	if (file >= 0)
		close(file);
	return length > 0 && text[0] == '-';
}

/*
 * Not by signal(3): libraries keep their own signals (32, 33) from programs, but those are inherited as ignored like any
 * other. Layout: asm/signal.h, struct sigaction; all zero is SIG_DFL.
 */
static void default_signal(int number)
{
	const unsigned long kernel_action[4] = { 0 };

	(void)syscall(SYS_rt_sigaction, number, kernel_action, NULL, sizeof(unsigned long));
}

/* Returns a descriptor that tells of children that have ended. */
static int prepare(void)
{
	pid_t agent = getppid();
	sigset_t blocked;

	/* Nothing of it may be left over when the next agent looks for what runs. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != agent)
		exit(EXIT_SUCCESS);
	for (int number = 1; number < NSIG; number++)
		default_signal(number);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	syscall(SYS_close_range, 3u, ~0u, 0u);
	null_file = open("/dev/null", O_RDWR | O_CLOEXEC);
	birth = mmap(NULL, sizeof(*birth), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int signals = signalfd(-1, &blocked, SFD_NONBLOCK | SFD_CLOEXEC);

	if (null_file < 0 || birth == MAP_FAILED || signals < 0)
		give_up(EXIT_SYSTEM, "it cannot begin");
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
	is_spared = read_is_spared();
	return signals;
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		give_up(EXIT_MISUSED, "it takes no arguments: it is the agent's");
	int signals = prepare();
	struct buffer requests = { NULL, 0, 0 };

	reserve(&requests, BUFFER_SIZE);
	answer("ready\n");
	for (;;) {
		const bool may_take = answers.used < ANSWERS_LIMIT;
		struct pollfd files[] = {
			{ .fd = may_take ? STDIN_FILENO : -1, .events = POLLIN },
			{ .fd = may_take ? signals : -1, .events = POLLIN },
			{ .fd = STDOUT_FILENO, .events = answers.used > 0 ? POLLOUT : 0 },
		};

		if (answers.used > 0)
			write_answers();
		if (answers.used == 0)
			files[2].events = 0;
		if (poll(files, 3, -1) < 0 && errno != EINTR)
			give_up(EXIT_SYSTEM, "poll");
		if ((files[2].revents & (POLLERR | POLLHUP)) != 0)
			exit(EXIT_SUCCESS);
		if (files[1].revents != 0)
			reap(signals);
		if (files[0].revents != 0)
			read_requests(&requests);
	}
}
