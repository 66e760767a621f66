/*
 * stamp PORT NAME [PIDFILE]
 *
 * A program for supervisors to keep alive: its first instruction reads the clock, its second sends the time to whoever
 * measures ("NAME NANOSECONDS" of CLOCK_MONOTONIC, in a datagram to 127.0.0.1:PORT), then it waits for ever. The time
 * is its own, so it does not matter when the datagram is read. PIDFILE is written for supervisors that need one.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (argc < 3) {
		fprintf(stderr, "usage: stamp PORT NAME [PIDFILE]\n");
		return 64;
	}

	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((unsigned short)atoi(argv[1])),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	char text[256];
	int length = snprintf(text, sizeof(text), "%s %lld", argv[2], now.tv_sec * 1000000000LL + now.tv_nsec);
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0 || sendto(sock, text, (size_t)length, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		perror("stamp");
	close(sock);
	if (argc > 3) {
		FILE *file = fopen(argv[3], "w");

		if (file != NULL) {
			fprintf(file, "%d\n", getpid());
			fclose(file);
		}
	}
	for (;;)
		pause();
}
