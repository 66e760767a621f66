/*
 * cpe-boot: the first program of a guest whose boot is quick, before its init (`init=` of its kernel). It has the agent
 * loaded once, in the background, while init reads its units: the agent that init starts a little later finds in memory
 * what it would wait for otherwise, and an emulated processor has translated most of its code. Then it becomes init, with
 * the same arguments; whatever goes wrong before that is of no importance.
 *
 * Only with a second processor, which would have nothing to do; a single one would only do everything later.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#define INIT "/sbin/init"
#define NODE "/usr/bin/node"
#define AGENT "/usr/lib/cpe-agent/cpe-agent.mjs"

static int has_idle_processor(void)
{
	cpu_set_t processors;

	CPU_ZERO(&processors);
	return sched_getaffinity(0, sizeof processors, &processors) == 0 && CPU_COUNT(&processors) > 1;
}

/* With the flags of cpe-agent.service, by which the compiled code is known. Nothing is mounted yet but the root disk and,
 * by the kernel, /dev. */
static void rehearse(void)
{
	char *const argv[] = { NODE, "--max-semi-space-size=1", "--single-threaded", AGENT, "--rehearse", NULL };
	char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		return;
	setsid();
	execve(NODE, argv, environment);
}

int main(int argc, char **argv)
{
	(void)argc;
	if (has_idle_processor() && fork() == 0) {
		rehearse();
		_exit(1);
	}
	argv[0] = INIT;
	execv(INIT, argv);
	/* The kernel panics, and says that init could not be run. */
	return 1;
}
