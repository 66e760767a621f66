/*
 * cpe-instance-init: starts an instance that is a process of this machine, and is PID 1 of its PID namespace.
 *
 *     cpe-instance-init [--once] DIR COMMAND [ARGUMENT...]
 *
 * COMMAND is the agent of a local instance, which is started again whenever it ends. With --once it is the instance
 * itself, QEMU or a container: the instance ends with it.
 *
 * DIR is the instance's directory. One line on standard output answers the starter:
 *
 *     started PID STARTTIME   the instance runs; PID is its init in the caller's PID namespace, STARTTIME field 22 of
 *                             /proc/PID/stat; COMMAND starts right after this line
 *     lost                    DIR/init.pid exists: another start won, or this one was abandoned; nothing runs
 *     failed REASON           nothing runs
 *
 * Three processes take part. The launcher's child forks and exits at once. Its child, the courier, is the leader of
 * its own session, outside of every tree and process group that a supervisor could kill; it makes the namespaces,
 * forks init and exits when init is committed. Init stays.
 *
 * Committing is one link(2) to DIR/init.pid. Whoever links first decides: the courier ("PID STARTTIME") or a launcher
 * that gives up on this start ("abandoned"). Init starts nothing before its courier won, and exits if the courier dies
 * first. So a launcher that is killed at any instruction finds either a committed instance or nothing that can run.
 *
 * Files in DIR:
 *     init.pid     see above
 *     init.alive   FIFO; init holds its write end for life, so that a reader sees end-of-file when init dies. The
 *                  kernel closes init's files before it kills the rest of the namespace (do_exit: exit_files, then
 *                  exit_notify, which waits in zap_pid_ns_processes): end-of-file is a hint, the proof is PID in state
 *                  Z or X, or gone
 *     agent.pid    the agent's pid inside the instance
 *     agent.log    what the agent writes to its standard output and error, and when it was restarted
 *     machine.log  with --once: what COMMAND writes there
 *     init.end     with --once: one line, how COMMAND has ended
 *
 * SIGTERM to init ends the instance gracefully: SIGTERM to everything in it, and exit when all of it is gone. With
 * --once it is passed on to COMMAND alone, which knows how to end what is in it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The first restart has no delay; then 100 ms, doubled up to the cap, until the agent has lived long enough. */
#define RESTART_DELAY_FIRST_MS 100
#define RESTART_DELAY_CAP_MS 5000
#define GOOD_UPTIME_MS 10000

#define LOG_LIMIT_BYTES (16 * 1024 * 1024)
#define LOG_CHECK_MS 60000

#define MESSAGE_SIZE 512

struct instance {
	const char *dir;
	char **command;
	bool is_once;
};

static long long monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static const char *log_of(const struct instance *instance)
{
	return instance->is_once ? "machine.log" : "agent.log";
}

static void path_in(const struct instance *instance, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", instance->dir, name);
}

/* Returns false, with errno set, unless all of `text` was written. */
static bool write_text(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t done = write(fd, text, left);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		text += done;
		left -= (size_t)done;
	}
	return true;
}

static bool write_file(const char *path, const char *text, int extra_flags)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | extra_flags, 0600);

	if (fd < 0)
		return false;
	bool is_written = write_text(fd, text);
	int write_error = errno;

	if (close(fd) != 0 && is_written)
		return false;
	errno = write_error;
	return is_written;
}

/* ---- init: PID 1 of the instance --------------------------------------------------------------------------------- */

struct agent {
	pid_t pid; /* 0: not running */
	long long started_at_ms;
	long long restart_at_ms;
	long long restart_delay_ms;
};

/* One line of JSON like the agent's own log. `what` comes from this file only and needs no escaping. */
static void log_line(const struct instance *instance, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void log_line(const struct instance *instance, const char *format, ...)
{
	char what[MESSAGE_SIZE], line[MESSAGE_SIZE * 2], path[PATH_MAX];
	struct timespec now;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(line, sizeof(line), "{\"level\":40,\"time\":%lld,\"name\":\"instance-init\",\"msg\":\"%s\"}\n",
		 now.tv_sec * 1000LL + now.tv_nsec / 1000000, what);
	path_in(instance, log_of(instance), path);
	(void)write_file(path, line, O_CREAT | O_APPEND);
}

/* Keeps the log bounded without a word from the agent, which holds it open for appending: copy, then truncate. */
static void bound_log(const struct instance *instance)
{
	char path[PATH_MAX], older[PATH_MAX];
	struct stat status;

	path_in(instance, log_of(instance), path);
	path_in(instance, instance->is_once ? "machine.log.1" : "agent.log.1", older);
	int log = open(path, O_RDWR | O_CLOEXEC);

	if (log < 0)
		return;
	if (fstat(log, &status) == 0 && status.st_size > LOG_LIMIT_BYTES) {
		int copy = open(older, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		if (copy >= 0) {
			off_t from = status.st_size - LOG_LIMIT_BYTES;

			while (from < status.st_size && sendfile(copy, log, &from, LOG_LIMIT_BYTES) > 0)
				;
			close(copy);
		}
		(void)!ftruncate(log, 0);
	}
	close(log);
}

/* Of what is written, the first is true: the command itself says why it could not even start. */
static void record_end(const struct instance *instance, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void record_end(const struct instance *instance, const char *format, ...)
{
	char path[PATH_MAX], line[MESSAGE_SIZE];
	const char *slash = strrchr(instance->command[0], '/');
	int used = snprintf(line, sizeof(line), "%.100s ", slash == NULL ? instance->command[0] : slash + 1);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line + used, sizeof(line) - (size_t)used - 1, format, arguments);
	va_end(arguments);
	strcat(line, "\n");
	path_in(instance, "init.end", path);
	(void)write_file(path, line, O_CREAT | O_EXCL);
}

/*
 * The library keeps its own two signals (32 and 33) from signal() and sigaction(), but an ignored one is inherited like
 * any other: only the kernel's own call sets it back. Layout: asm/signal.h, struct sigaction, all zero = SIG_DFL.
 */
static void default_signal(int number)
{
	const unsigned long kernel_action[4] = { 0 };

	(void)syscall(SYS_rt_sigaction, number, kernel_action, NULL, sizeof(unsigned long));
}

/* In the agent's process: nothing of init, of the courier or of the launcher may reach it but its environment. */
static void become_agent(const struct instance *instance)
{
	char path[PATH_MAX];
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		default_signal(number);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	path_in(instance, log_of(instance), path);
	int log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	if (log >= 0) {
		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
	}
	close_range(STDERR_FILENO + 1, UINT_MAX, 0);
	execvp(instance->command[0], instance->command);
	int exec_error = errno;

	if (instance->is_once)
		record_end(instance, "cannot be started: %s", strerror(exec_error));
	log_line(instance, "%s cannot be started: %s", instance->is_once ? "the command" : "the agent",
		 strerror(exec_error));
	_exit(127);
}

static void plan_restart(struct agent *agent, long long now)
{
	if (agent->started_at_ms != 0 && now - agent->started_at_ms >= GOOD_UPTIME_MS)
		agent->restart_delay_ms = 0;
	agent->restart_at_ms = now + agent->restart_delay_ms;
	agent->restart_delay_ms = agent->restart_delay_ms == 0 ? RESTART_DELAY_FIRST_MS : agent->restart_delay_ms * 2;
	if (agent->restart_delay_ms > RESTART_DELAY_CAP_MS)
		agent->restart_delay_ms = RESTART_DELAY_CAP_MS;
}

static void start_agent(const struct instance *instance, struct agent *agent)
{
	char path[PATH_MAX], fresh[PATH_MAX], text[32];

	bound_log(instance);
	agent->started_at_ms = monotonic_ms();
	pid_t pid = fork();

	if (pid == 0)
		become_agent(instance);
	if (pid < 0) {
		int fork_error = errno;

		plan_restart(agent, agent->started_at_ms);
		if (instance->is_once)
			record_end(instance, "cannot be started: fork: %s", strerror(fork_error));
		log_line(instance, "%s cannot be started: fork: %s", instance->is_once ? "the command" : "the agent",
			 strerror(fork_error));
		return;
	}
	agent->pid = pid;
	snprintf(text, sizeof(text), "%d\n", pid);
	path_in(instance, "agent.pid", path);
	path_in(instance, "agent.pid.new", fresh);
	if (write_file(fresh, text, O_CREAT | O_TRUNC))
		(void)rename(fresh, path);
}

static void log_agent_end(const struct instance *instance, const struct agent *agent, int status, long long now)
{
	const char *how = WIFSIGNALED(status) ? "signal" : "exit code";
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);

	log_line(instance, "the agent ended (%s %d) after %lld ms; it is started again in %lld ms", how, number,
		 now - agent->started_at_ms, agent->restart_at_ms - now);
}

static void record_command_end(const struct instance *instance, int status)
{
	if (WIFSIGNALED(status))
		record_end(instance, "was ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		record_end(instance, "ended with exit code %d", WEXITSTATUS(status));
}

/* Reaps everything that has ended. Returns false when nothing is left in the instance, or of what it was there for. */
static bool reap(const struct instance *instance, struct agent *agent, bool is_ending)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (pid == 0)
			return true;
		if (pid < 0)
			return errno != ECHILD;
		if (pid != agent->pid)
			continue;
		agent->pid = 0;
		if (instance->is_once) {
			record_command_end(instance, status);
			return false;
		}
		if (!is_ending) {
			long long now = monotonic_ms();

			plan_restart(agent, now);
			log_agent_end(instance, agent, status, now);
		}
	}
}

static void wait_signal(const struct instance *instance, const struct agent *agent, long long until_ms,
			const sigset_t *awaited, bool *is_ending)
{
	long long wait_ms = until_ms - monotonic_ms();

	if (wait_ms < 0)
		wait_ms = 0;
	struct timespec timeout = { .tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000 };

	if (sigtimedwait(awaited, NULL, &timeout) != SIGTERM || *is_ending)
		return;
	if (instance->is_once) {
		if (agent->pid != 0)
			kill(agent->pid, SIGTERM);
		return;
	}
	*is_ending = true;
	/* From the init of a PID namespace, -1 is everything in it but itself. What was stopped must see it too. */
	kill(-1, SIGTERM);
	kill(-1, SIGCONT);
}

/*
 * Every signal is blocked here. That is what makes SIGTERM arrive at all: the kernel drops an unblocked signal to the
 * init of a namespace that has no handler for it (kernel/signal.c, sig_task_ignored).
 */
static int run_instance(const struct instance *instance)
{
	struct agent agent = { 0 };
	bool is_ending = false;
	sigset_t awaited;

	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	sigaddset(&awaited, SIGTERM);
	for (;;) {
		long long now = monotonic_ms();

		if (!is_ending && agent.pid == 0 && now >= agent.restart_at_ms)
			start_agent(instance, &agent);
		if (!reap(instance, &agent, is_ending) && (is_ending || instance->is_once))
			return 0;
		long long until = now + LOG_CHECK_MS;

		if (!is_ending && agent.pid == 0 && agent.restart_at_ms < until)
			until = agent.restart_at_ms;
		wait_signal(instance, &agent, until, &awaited, &is_ending);
		if (monotonic_ms() >= now + LOG_CHECK_MS)
			bound_log(instance);
	}
}

/* Returns NULL, or what failed, with errno set. */
static const char *make_private_proc(void)
{
	if (unshare(CLONE_NEWNS) != 0)
		return "cannot create a mount namespace";
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return "cannot make the mounts of the instance private";
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
		return "cannot mount a private /proc (in a container: is its /proc masked?)";
	return NULL;
}

/* Tells the courier on `ready` that the instance can run (an empty message) or why not, and waits for its commitment. */
static int be_init(const struct instance *instance, int ready, int commitment)
{
	char message[MESSAGE_SIZE] = "";
	char answer;

	setsid();
	const char *failed = make_private_proc();

	if (failed != NULL)
		snprintf(message, sizeof(message), "%s: %s", failed, strerror(errno));
	(void)!write(ready, message, strlen(message) + 1);
	close(ready);
	if (failed != NULL || read(commitment, &answer, 1) != 1)
		return 1;
	close(commitment);
	return run_instance(instance);
}

/* ---- courier ----------------------------------------------------------------------------------------------------- */

__attribute__((format(printf, 1, 2), noreturn)) static void fail(const char *format, ...)
{
	char message[MESSAGE_SIZE] = "failed ";
	size_t used = strlen(message);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message + used, sizeof(message) - used - 1, format, arguments);
	va_end(arguments);
	strcat(message, "\n");
	(void)write_text(STDOUT_FILENO, message);
	_exit(1);
}

static void make_namespaces(void)
{
	uid_t user = geteuid();
	gid_t group = getegid();
	char map[64];

	if (user == 0) {
		if (unshare(CLONE_NEWPID) != 0)
			fail("cannot create a PID namespace: %s", strerror(errno));
		return;
	}
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0)
		fail("cannot create a user and PID namespace without root: %s (see the sysctls user.max_user_namespaces, "
		     "kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns)",
		     strerror(errno));
	/* The user keeps its own number: the agent is nobody special inside, and files belong to the same user. */
	snprintf(map, sizeof(map), "%u %u 1\n", user, user);
	if (!write_file("/proc/self/uid_map", map, 0))
		fail("cannot map the user into the user namespace: %s", strerror(errno));
	if (!write_file("/proc/self/setgroups", "deny", 0) && errno != ENOENT)
		fail("cannot deny setgroups in the user namespace: %s", strerror(errno));
	snprintf(map, sizeof(map), "%u %u 1\n", group, group);
	if (!write_file("/proc/self/gid_map", map, 0))
		fail("cannot map the group into the user namespace: %s", strerror(errno));
}

/* Opened for reading and writing, which for a FIFO never blocks (fifo(7)). Init inherits it. */
static void open_alive(const struct instance *instance)
{
	char path[PATH_MAX];

	path_in(instance, "init.alive", path);
	if (mkfifo(path, 0600) != 0 && errno != EEXIST)
		fail("cannot create %s: %s", path, strerror(errno));
	if (open(path, O_RDWR | O_CLOEXEC) < 0)
		fail("cannot open %s: %s", path, strerror(errno));
}

/* Field 22 of /proc/PID/stat, in clock ticks since boot; 0 when it cannot be read. */
static unsigned long long start_time_of(pid_t pid)
{
	char path[64], stat[1024];
	unsigned long long start_time = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return 0;
	size_t length = fread(stat, 1, sizeof(stat) - 1, file);

	fclose(file);
	stat[length] = '\0';
	/* The name of the program, field 2, may hold anything; the last parenthesis ends it. */
	char *field = strrchr(stat, ')');

	for (int number = 2; field != NULL && number < 22; number++)
		field = strchr(field + 1, ' ');
	if (field != NULL)
		sscanf(field, " %llu", &start_time);
	return start_time;
}

__attribute__((format(printf, 2, 3), noreturn)) static void give_up(pid_t init, const char *format, ...)
{
	char message[MESSAGE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	kill(init, SIGKILL);
	waitpid(init, NULL, 0);
	fail("%s", message);
}

static void await_ready(pid_t init, int ready)
{
	char message[MESSAGE_SIZE];
	ssize_t length = read(ready, message, sizeof(message) - 1);

	if (length <= 0)
		give_up(init, "the init of the instance ended before it was ready");
	message[length] = '\0';
	if (message[0] != '\0')
		give_up(init, "%s", message);
}

static void commit(const struct instance *instance, pid_t init)
{
	char path[PATH_MAX], fresh[PATH_MAX], name[64], text[64];
	unsigned long long start_time = start_time_of(init);

	if (start_time == 0)
		give_up(init, "cannot read the start time of the instance's init in /proc");
	snprintf(text, sizeof(text), "%d %llu\n", init, start_time);
	snprintf(name, sizeof(name), "init.pid.%d", getpid());
	path_in(instance, "init.pid", path);
	path_in(instance, name, fresh);
	if (!write_file(fresh, text, O_CREAT | O_TRUNC))
		give_up(init, "cannot write %s: %s", fresh, strerror(errno));
	int link_error = link(fresh, path) == 0 ? 0 : errno;

	unlink(fresh);
	if (link_error == EEXIST) {
		kill(init, SIGKILL);
		waitpid(init, NULL, 0);
		(void)write_text(STDOUT_FILENO, "lost\n");
		_exit(1);
	}
	if (link_error != 0)
		give_up(init, "cannot write %s: %s", path, strerror(link_error));
	char report[128];

	snprintf(report, sizeof(report), "started %s", text);
	/* A starter that is gone finds the instance in its journal. */
	(void)write_text(STDOUT_FILENO, report);
}

static void use_no_descriptors(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
}

static int be_courier(const struct instance *instance)
{
	int ready[2], commitment[2];
	sigset_t all;

	/* Blocked before init exists, so that it misses no signal. Also: a broken pipe must not stop the courier. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (pipe2(ready, O_CLOEXEC) != 0 || pipe2(commitment, O_CLOEXEC) != 0)
		fail("cannot create a pipe: %s", strerror(errno));
	open_alive(instance);
	make_namespaces();
	pid_t init = fork();

	if (init < 0)
		fail("cannot start the init of the instance: %s", strerror(errno));
	if (init == 0) {
		close(ready[0]);
		close(commitment[1]);
		use_no_descriptors();
		return be_init(instance, ready[1], commitment[0]);
	}
	close(ready[1]);
	close(commitment[0]);
	await_ready(init, ready[0]);
	commit(instance, init);
	(void)!write(commitment[1], "", 1);
	return 0;
}

int main(int argc, char **argv)
{
	bool is_once = argc > 1 && strcmp(argv[1], "--once") == 0;
	char **arguments = argv + (is_once ? 2 : 1);

	if (argv + argc - arguments < 2) {
		fprintf(stderr, "usage: %s [--once] DIR COMMAND [ARGUMENT...]\n", argv[0]);
		return 2;
	}
	struct instance instance = { .dir = arguments[0], .command = arguments + 1, .is_once = is_once };

	close_range(STDERR_FILENO + 1, UINT_MAX, 0);
	umask(022);
	if (chdir("/") != 0)
		fail("cannot change to /: %s", strerror(errno));
	if (instance.dir[0] != '/')
		fail("the state directory %s is not an absolute path", instance.dir);
	pid_t courier = fork();

	if (courier < 0)
		fail("cannot fork: %s", strerror(errno));
	if (courier > 0)
		return 0;
	setsid();
	return be_courier(&instance);
}
