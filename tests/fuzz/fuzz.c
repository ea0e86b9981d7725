// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz [--count=N] [--seconds=N] [--seed=N] [--keep=DIR] [--crash=FILE] FILE|DIR...: each input, then N
 * made of them by changes, or as many as there is time for.  What is built with -fsanitize-coverage=trace-pc
 * tells which inputs reach what none before has; these are changed further, and kept in DIR.  An input that
 * ends the process, or takes a minute of a processor, is left in FILE.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

enum { INPUT_MAX = 64 * 1024, INPUTS_MAX = 100000, EDGES = 1 << 20, CPU_SECONDS = 60, CHANGES_MAX = 6 };

struct input {
	uint8_t *data;
	size_t len;
};

static struct input inputs[INPUTS_MAX], under_way;
static size_t n_inputs;
static uint8_t reached[EDGES];
static bool reached_more;
static uint64_t state;
static const char *keep, *crash = "crash";

/* Called at each edge of what is built so. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	static __thread uintptr_t before;
	uintptr_t at = (uintptr_t)__builtin_return_address(0);
	size_t edge = (size_t)((at ^ before << 7) * 0x9e3779b97f4a7c15u >> 44) % EDGES;

	before = at;
	reached_more |= !reached[edge];
	reached[edge] = 1;
}

/* The sanitizers end by a signal that on_signal() gets. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "abort_on_error=1:detect_leaks=0:allocator_may_return_null=0";
}
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}

static void save(const char *path, struct input input)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, input.data, input.len) != (ssize_t)input.len)
		_exit(2);
	close(fd);
}

static void on_signal(int sig)
{
	static const char late[] = "fuzz: it takes too long\n";

	if (sig == SIGPROF && write(2, late, sizeof(late) - 1) < 0)
		_exit(2);
	save(crash, under_way);
	_exit(1);
}

/* xorshift64*: the same inputs from the same seed on any machine. */
static uint64_t draw(uint64_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1du >> 16) % (below ? below : 1);
}

/* In memory of its own, so that AddressSanitizer sees its end. */
static void run(struct input input)
{
	static const struct itimerval patience = { .it_value.tv_sec = CPU_SECONDS };
	uint8_t *data = memcpy(malloc(input.len + !input.len), input.data, input.len);

	under_way = input;
	setitimer(ITIMER_PROF, &patience, NULL);
	LLVMFuzzerTestOneInput(data, input.len);
	free(data);
}

static void add(struct input input)
{
	if (n_inputs == INPUTS_MAX)
		return;
	inputs[n_inputs].data = memcpy(malloc(input.len + 1), input.data, input.len);
	inputs[n_inputs++].len = input.len;
}

/* Put the N bytes at FROM in place of the OLD ones at AT. */
static void replace(struct input *to, size_t at, size_t old, const uint8_t *from, size_t n)
{
	if (to->len - old + n > INPUT_MAX)
		return;
	memmove(to->data + at + n, to->data + at + old, to->len - at - old);
	memcpy(to->data + at, from, n);
	to->len = to->len - old + n;
}

/* From AT to the end of what is a word, or of the line. */
static size_t word_at(struct input in, size_t at, bool line)
{
	size_t end = at;

	while (end < in.len && (line ? in.data[end] != '\n' : in.data[end] > ' ' && !strchr(",:[]{}\"'", in.data[end])))
		end++;
	return end - at + (line && end < in.len);
}

static size_t begin_of(struct input in, size_t at, bool line)
{
	while (at > 0 && (line ? in.data[at - 1] != '\n' : in.data[at - 1] > ' ' && !strchr(",:[]{}\"'", in.data[at - 1])))
		at--;
	return at;
}

static void change(struct input *to)
{
	static const int64_t numbers[] = { 0, 1, -1, 127, 128, 255, 256, 32767, 65535, 65536,
					   INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN };
	struct input other = inputs[draw(n_inputs)];
	static uint8_t piece[INPUT_MAX];
	size_t at = draw(to->len + 1), from = draw(other.len + 1), n;
	bool line = draw(2);
	char text[32];

	switch (draw(10)) {
	case 0:
		if (at < to->len)
			to->data[at] ^= (uint8_t)(1u << draw(8));
		return;
	case 1:
		if (at < to->len)
			to->data[at] = (uint8_t)draw(256);
		return;
	case 2: /* leave something out */
		n = draw(draw(2) ? 8 : to->len - at + 1);
		if (n <= to->len - at)
			replace(to, at, n, piece, 0);
		return;
	case 3: /* a number of note */
		at = begin_of(*to, at, false);
		n = (size_t)snprintf(text, sizeof(text), "%lld", (long long)numbers[draw(sizeof(numbers) / sizeof(*numbers))]);
		replace(to, at, draw(2) ? word_at(*to, at, false) : 0, (const uint8_t *)text, n);
		return;
	case 4: /* the same as its bytes */
		n = 1u << draw(4);
		if (n <= to->len - at)
			memcpy(to->data + at, &numbers[draw(sizeof(numbers) / sizeof(*numbers))], n);
		return;
	case 5: /* as far as here, then as another */
		n = other.len - from;
		memcpy(piece, other.data + from, n);
		replace(to, at, to->len - at, piece, n);
		return;
	case 6: /* a piece of itself again */
		n = draw(to->len - at + 1);
		memcpy(piece, to->data + at, n);
		replace(to, draw(to->len + 1), 0, piece, n);
		return;
	default: /* a word or line of another for one of its own, or beside it */
		at = begin_of(*to, at, line);
		from = begin_of(other, from, line);
		n = word_at(other, from, line);
		memcpy(piece, other.data + from, n);
		replace(to, at, draw(3) ? word_at(*to, at, line) : 0, piece, n);
		return;
	}
}

static void read_input(const char *path)
{
	static uint8_t data[INPUT_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, data, sizeof(data));

	if (n < 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	add((struct input){ data, (size_t)n });
}

static void read_inputs(const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, NULL, alphasort);

	if (n < 0)
		read_input(path);
	for (int i = 0; i < n; i++) {
		char *file;

		if (list[i]->d_name[0] != '.' && asprintf(&file, "%s/%s", path, list[i]->d_name) > 0)
			read_input(file);
	}
}

static void keep_input(struct input input)
{
	char *path;
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < input.len; i++)
		hash = (hash ^ input.data[i]) * 1099511628211u;
	if (keep && asprintf(&path, "%s/%016llx", keep, (unsigned long long)hash) > 0) {
		save(path, input);
		free(path);
	}
}

static size_t count_reached(void)
{
	size_t n = 0;

	for (size_t i = 0; i < EDGES; i++)
		n += reached[i];
	return n;
}

static long option(const char *arg, const char *name, long was)
{
	size_t len = strlen(name);

	return strncmp(arg, name, len) ? was : atol(arg + len);
}

int main(int argc, char **argv)
{
	static uint8_t data[INPUT_MAX];
	long count = 0, seconds = 0, seed = 1, done = 0;

	for (int i = 1; i < argc; i++) {
		count = option(argv[i], "--count=", count);
		seconds = option(argv[i], "--seconds=", seconds);
		seed = option(argv[i], "--seed=", seed);
		if (!strncmp(argv[i], "--keep=", 7))
			keep = argv[i] + 7;
		else if (!strncmp(argv[i], "--crash=", 8))
			crash = argv[i] + 8;
		else if (argv[i][0] != '-')
			read_inputs(argv[i]);
	}
	if (!n_inputs)
		add((struct input){ data, 0 });
	for (size_t i = 0; i < 6; i++)
		signal(((const int[]){ SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGPROF })[i], on_signal);
	state = (uint64_t)seed * 0x9e3779b97f4a7c15u + 1;

	size_t given = n_inputs;
	time_t end = time(NULL) + seconds;

	for (size_t i = 0; i < given; i++) {
		reached_more = false;
		run(inputs[i]);
		if (reached_more)
			keep_input(inputs[i]);
	}
	for (; done < count || (seconds && time(NULL) < end); done++) {
		struct input from = inputs[draw(n_inputs)], to = { data, from.len };

		memcpy(data, from.data, from.len);
		for (uint64_t k = 1 + draw(CHANGES_MAX); k; k--)
			change(&to);
		reached_more = false;
		run(to);
		if (reached_more) {
			add(to);
			keep_input(to);
		}
	}
	printf("%zu inputs, %ld made of them, %zu kept, %zu edges\n", given, done, n_inputs - given, count_reached());
	return 0;
}
