# SPDX-License-Identifier: GPL-2.0-only
# One make process, objects under $(BUILD), header dependencies by the compiler. `make help`.

VERSION := 0.2.0
RELEASED := 2026-11-30
CC = gcc
BUILD = build
# On the command line, ARCH=i386 is whatever else is to be made, of another of Debian's architectures,
# in build/i386 with what `make cross` has fetched.
ifeq ($(origin ARCH)$(if $(ARCH),,?),command line)
CROSS = $(CURDIR)/build/cross/$(ARCH)
CC = $(CROSS)/cc
SYSROOT = $(CROSS)/sysroot
BUILD = build/$(ARCH)
endif
V = 0
prefix = /usr/local
bindir = $(prefix)/bin
datadir = $(prefix)/share
pkgdatadir = $(datadir)/nsconform
mandir = $(datadir)/man
docdir = $(datadir)/doc/nsconform
RUN =
JOBS := $(shell nproc 2>/dev/null || echo 2)
KHDR_INCLUDES =

# Objects are made on all processors, also where nobody says -j; several goals one after the other.
goals := $(filter-out deps,$(MAKECMDGOALS))
MAKEFLAGS += $(if $(MAKELEVEL:0=)$(word 2,$(goals)),,-j$(JOBS))

CFLAGS ?= -O2 -g
# A function of a table has the parameters that its type says, whether it needs them or not.
# Warnings are errors in CI and on demand, as another compiler has other ones: all but those about types,
# by which a row that disagrees with its struct does not compile.
WERROR ?=
mistakes = incompatible-pointer-types int-conversion implicit-function-declaration pointer-to-int-cast int-to-pointer-cast
# Tables of constants that have addresses in them are constants where the program lies at a known address.
WARNINGS = -std=gnu11 -fno-pie -Wall -Wextra -Wno-unused-parameter \
	$(if $(filter-out 0,$(WERROR)),-Werror,$(addprefix -Werror=,$(mistakes)))
# include/uapi goes before the system's headers only where these lack something: its files
# have other names and guard every definition.
# Sizes of files and times are of 64 bits, also on 32-bit machines.
CPPFLAGS_ALL = -Iinclude -Irunner -I$(BUILD) $(KHDR_INCLUDES) $(own_headers) -isystem $(SYSROOT)/usr/include/libnl3 \
	-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 $(CPPFLAGS)
LIBS = -lyaml -lcap -lnl-3 -larchive -llzma -lzstd -llz4 -lbz2 -lz $(fts)
# fts(3) is a library of its own where the C library, musl, has none.
fts = $(shell printf '\043include <features.h>\n\043ifndef __GLIBC__\n-lfts\n\043endif\n' | $(CC) -E -P - 2>/dev/null)
# Static: the agent runs in an empty root. The linker's warnings about the resolver functions
# inside libnl, which want shared libraries and are never called, are left out.
quiet_link = 2> $@.log || { cat $@.log >&2; exit 1; }
LINK = $(CC) $(CFLAGS) -static -no-pie $(one_segment) $(own_libraries) $(LDFLAGS)
# Text and constants are one segment, and what can be written does not begin in its last huge page:
# a worker copies all of it to huge pages (lib/sys/image.c). With relro, which LDFLAGS may ask for, the
# linker would fill the file up to the next huge page.
one_segment = -Wl,-z,noseparate-code,-z,max-page-size=0x200000,-z,norelro
# What `make libraries` has made.
root = $(BUILD)/root
own_headers = $(if $(wildcard $(root)/include),-isystem $(root)/include -isystem $(root)/include/libnl3)
own_libraries = $(if $(wildcard $(root)/lib),-L$(root)/lib)

# Sorted, as the order of a wildcard is the locale's.
lib_objects := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard lib/*.c lib/*/*.c lib/*/*/*.c)))
runner_objects := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard runner/*.c runner/*/*.c)))
unit_tests := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*.c))
test_ops := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/ops/*.c))

ifeq ($(V),0)
Q := @
# Nothing with -s.
say = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),@:,@printf '  %-7s %s\n' $(1) $(2))
endif

all: $(BUILD)/nsconform

help:
	@printf '%s\n' \
	 'make            build $(BUILD)/nsconform' \
	 'make deps       install what is missing, with the package manager of this machine' \
	 'make libraries  build static libraries that no package here has; SOURCES=dir: docs/packages.md' \
	 'make install    binary, suites, manual and completion below prefix=$(prefix); uninstall' \
	 'make clean      remove $(BUILD)' \
	 '' \
	 'Run the suite:' \
	 '  make check                  on the running kernel; RUN="uts mnt.prop*" narrows it' \
	 '  make check KERNEL=bzImage   on another kernel, in virtual machines; MODULES=dir, KCONFIG=file' \
	 '  make check RUNTIME=runc     with boxes built by a container runtime: its name or its file' \
	 '                              RUNTIME_PATH=./runc takes the place of its program' \
	 '  make smoke                  a first look at each kind of namespace, in a second or so' \
	 '' \
	 'Compare:' \
	 '  make check-kernels          each kernel of fixtures/kernels that is here; VM_OPTIONS=--quick' \
	 '  make deps-kernels           fetch these; KERNELS="6.1-cloud" narrows both' \
	 '  make check-runtimes         each runtime that is installed; RUNTIME_OPTIONS=--quick' \
	 '  make deps-runtimes          install these; RUNTIMES="runc crun" narrows check-runtimes' \
	 '  make baseline               results/baseline anew, of all these kernels and runtimes' \
	 '  make image                  the suite as a container image, for pods (fixtures/pod)' \
	 '' \
	 'Work on nsconform:' \
	 '  make test                   its own tests; TESTS="tests/load.t" narrows them' \
	 '  make deps-ci                fetch what tests check the recipes of docs/ci with (npm)' \
	 '  make asan                   the same with address and undefined-behaviour sanitizers' \
	 '  make fuzz                   inputs nobody would write, for SECONDS=60 a target; FUZZ="loader wire judge' \
	 '                              kconfig log", SEED=1, FUZZ_KEEP=dir, LIBFUZZER=1 with CC=clang: docs/harness.md' \
	 '  make check-harness          small defects in the code of verdicts, and which tests notice: MUTANTS=400,' \
	 '                              SEED=1, FILES="judge.c match.c"; MUTANTS=all takes hours: docs/harness.md' \
	 '  make coverage-report        which branches the tests of the harness take, and which new ones they do not:' \
	 '                              docs/harness-branches.md; BRANCHES=keep once they have been looked at' \
	 '  make lint                   style, static analysis, layers, stale documents' \
	 '  make docs                   generate reference, schema and kernel configs; check-docs compares' \
	 '  make check-environments     the quick suite in each row of tests/environments/table.pl;' \
	 '                              ENVIRONMENTS="bwrap rlimit" narrows it: docs/environments.md' \
	 '  make check-filters          each system call of a run forbidden by seccomp: docs/filters.md' \
	 '  make check-bite             lies that ops could tell, one at a time, and who notices: docs/bite.md;' \
	 '                              a quarter of them, which says SEED=1; BITE=all; RUN="uts" narrows it' \
	 '  make check-mutants          a kernel with small defects, one at a time: docs/mutants.md;' \
	 '                              MUTANTS="3 17" narrows it, RESULTS=dir goes on with a run; LINUX_SOURCE' \
	 '  make check-lava             jobs of LAVA, carried out by lava-run: docs/ci/lava.md;' \
	 '                              KERNELS= RUNTIMES=native SHARDS=2 SELECTION=@smoke OPTIONS= TARBALL=file' \
	 '  make bench                  what cells cost: counts, and ratios to the bare system calls;' \
	 '                              ROUNDS=1 FAMILIES="uts pid" narrow it: docs/costs.md' \
	 '  make cross ARCH=i386        for another architecture (arm64, i386, riscv64, s390x), in build/i386, with' \
	 '                              ARCH= for check and test, too; check-cross ARCH=s390x in a machine of it:' \
	 '                              docs/machines.md' \
	 '  make check-compilers        with each gcc and clang that is here; COMPILERS="gcc-14 clang-19"' \
	 '  make dist                   $(BUILD)/dist: a source archive, and recipes for packages of it' \
	 '  make musl                   $(BUILD)/musl/nsconform, linked with musl: docs/packages.md' \
	 '' \
	 'As a collection of kselftest (docs/kselftest.md):' \
	 '  make kselftest-install      into KSFT_INSTALL_PATH=dir; RUNTIMES="runc crun" narrows its collections' \
	 '  make kselftest-tar          $(BUILD)/nsconform-kselftest-ARCH.tar.xz' \
	 '                              both with the run_kselftest.sh of LINUX_SOURCE=tree or archive' \
	 '  make check-kselftest        its collection in virtual machines of deps-kernels: docs/kselftest.md;' \
	 '                              KERNELS= RUNTIMES=native SELECTION=uts.hostname OPTIONS= TARBALL=file' \
	 '' \
	 'Variables: CC, CFLAGS, WERROR=1, CPPFLAGS, LDFLAGS, V=1, BUILD=dir, KHDR_INCLUDES=-I..., JOBS=n, DESTDIR'

# A file of words that objects depend on is written when these change, and at no other time. They are
# compared while make reads this: -n writes nothing.
unlike = $(subst x$(1),,x$(2))$(subst x$(2),,x$(1))
if_changed = $(if $(call unlike,$(strip $(shell cat $(1) 2>/dev/null)),$(strip $(2))),FORCE)
write_words = @mkdir -p $(@D) && printf '%s\n' $(foreach word,$(1),'$(subst ','\'',$(word))') > $@.$$$$ && mv -f $@.$$$$ $@

# The toolchain and flags are part of every object: a change rebuilds.
flags := $(CC) $(CPPFLAGS_ALL) $(WARNINGS) $(CFLAGS) $(LDFLAGS)
$(BUILD)/flags: $(call if_changed,$(BUILD)/flags,$(flags))
	$(call write_words,$(flags))

# Version and directories are part of one.
configured := -DVERSION='"$(VERSION)"' -DDATADIR='"$(pkgdatadir)"'
$(BUILD)/configured: $(call if_changed,$(BUILD)/configured,$(configured))
	$(call write_words,$(configured))
$(BUILD)/runner/load/configured.o: $(BUILD)/configured
$(BUILD)/runner/load/configured.o: private CPPFLAGS_ALL += $(configured)

# Files appear whole: a run that is under way keeps its binary.
$(BUILD)/nsconform: $(lib_objects) $(runner_objects)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@.$$$$ $^ $(LIBS) $(quiet_link); mv -f $@.$$$$ $@

$(BUILD)/%.o: %.c $(BUILD)/flags | $(BUILD)/libraries $(BUILD)/op_list.h $(BUILD)/syscalls.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(WARNINGS) $(CFLAGS) -MMD -MP -MF $(@:.o=.d) -MT $@ -c -o $@.$$$$ $< && mv -f $@.$$$$ $@

# What cannot be linked is named before anything is compiled.
check_libraries = tools/check-libraries $(1) $(BUILD) '$(LINK)' '$(CPPFLAGS_ALL)' '$(strip $(LIBS))'
$(BUILD)/libraries: $(BUILD)/flags tools/check-libraries
	$(Q)$(call check_libraries) && touch $@

# Static libraries that are in no package here, from their sources: SOURCES=dir has archives of them.
SOURCES =
libraries: $(BUILD)/flags
	$(Q)$(call check_libraries,-n) && SOURCES='$(SOURCES)' tools/libraries $(root) '$(CC)' $$(cat $(BUILD)/missing)

# The program linked with musl, on a system that has another C library.
musl:
	$(Q)$(MAKE) BUILD=$(BUILD)/musl CC='$(MUSL_CC)' libraries
	$(Q)$(MAKE) BUILD=$(BUILD)/musl CC='$(MUSL_CC)' all
MUSL_CC = musl-gcc

# OP_ENTRY(id) for every OP(id, ...) of lib, in the order of their names. In a Turkish locale i is not in [a-z].
op_list = LC_ALL=C sed -n 's/^OP(\([a-z0-9_]*\),.*/OP_ENTRY(\1)/p' $(1) | LC_ALL=C sort
ops := $(shell $(call op_list,$(wildcard lib/*/*.c lib/*/*/*.c)))
$(BUILD)/op_list.h: $(call if_changed,$(BUILD)/op_list.h,$(ops))
	$(call write_words,$(ops))

# The harness's own tests run a second binary, with ops that hang, crash and bomb.
$(BUILD)/tests/op_list.h: $(BUILD)/op_list.h $(wildcard tests/ops/*.c)
	@mkdir -p $(@D)
	@{ cat $<; $(call op_list,$(wildcard tests/ops/*.c)); } | LC_ALL=C sort > $@
$(BUILD)/tests/registry.o: lib/registry.c $(BUILD)/tests/op_list.h $(BUILD)/flags
	$(call say,CC,$@)
	$(Q)$(CC) -I$(BUILD)/tests $(CPPFLAGS_ALL) $(WARNINGS) $(CFLAGS) -MMD -MP -MF $(@:.o=.d) -MT $@ -c -o $@ $<
# A third one is not static: only then does valgrind see every allocation.
test_objects := $(filter-out $(BUILD)/lib/registry.o,$(lib_objects)) $(runner_objects) $(test_ops) $(BUILD)/tests/registry.o
$(BUILD)/tests/nsconform: $(test_objects)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS) $(quiet_link)
$(BUILD)/tests/nsconform-shared: $(test_objects)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -no-pie $(own_libraries) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(lib_objects) $(filter-out $(BUILD)/runner/main.o $(BUILD)/runner/cmd/%,$(runner_objects))
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS) $(quiet_link)

# A container runtime with every defect, which those tests look for.
$(BUILD)/tests/badrt/badrt: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/badrt/*.c)) $(lib_objects)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS) $(quiet_link)

# Names and numbers of this machine's system calls, from the kernel's own header and ours.
$(BUILD)/syscalls.h: include/uapi/unistd.h Makefile $(BUILD)/flags
	@echo '#include "uapi/unistd.h"' | $(CC) $(CPPFLAGS_ALL) -dM -E - > $@.defines
	@LC_ALL=C sed -n 's/^#define __NR_\([a-z0-9_]*\) .*/{ "\1", __NR_\1 },/p' $@.defines | LC_ALL=C sort > $@.$$$$ && mv -f $@.$$$$ $@

# Style and script of the report page, as lists of bytes.
$(BUILD)/%.inc: %
	@mkdir -p $(@D)
	@od -An -v -tu1 $< | sed 's/ \{1,\}\([0-9]\{1,\}\)/\1,/g' > $@.$$$$ && mv -f $@.$$$$ $@
$(BUILD)/runner/export/html.o: | $(BUILD)/runner/export/page.css.inc $(BUILD)/runner/export/page.js.inc

# Runs a command under a seccomp filter: tests/filters.t, check-filters.
$(BUILD)/tests/filter/filter.o: | $(BUILD)/syscalls.h
$(BUILD)/tests/filter/filter: $(BUILD)/tests/filter/filter.o
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^

# Fuzz targets, each with the driver, or with libFuzzer where LIBFUZZER=1 says so: tests/fuzz.t, fuzz.
fuzz_targets = judge kconfig loader log wire
fuzz_programs := $(patsubst %,$(BUILD)/tests/fuzz/%-fuzz,$(fuzz_targets))
LIBFUZZER =
# The driver is not what is looked at.
$(BUILD)/tests/fuzz/fuzz.o: private override CFLAGS := -O2 -g
$(BUILD)/tests/fuzz/%-fuzz: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/file.o $(if $(LIBFUZZER),,$(BUILD)/tests/fuzz/fuzz.o) \
		$(lib_objects) $(filter-out $(BUILD)/runner/main.o $(BUILD)/runner/cmd/%,$(runner_objects))
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS) $(quiet_link)

# Starts commands for tests.
$(BUILD)/tests/spawn/spawn: $(BUILD)/tests/spawn/spawn.o
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^

# What measures and counts: make bench, tests/counts.t.
$(BUILD)/tools/bench/%: $(BUILD)/tools/bench/%.o
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS) $(quiet_link)
$(BUILD)/tools/bench/cost $(BUILD)/tools/bench/count: $(BUILD)/tools/bench/gate.o
$(BUILD)/tools/bench/floor: $(lib_objects) $(filter $(BUILD)/runner/cgroups/%,$(runner_objects))
# Tells lies, with which it is linked; the program itself is not: check-bite.
$(BUILD)/tools/bite/bite: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tools/bite/*.c)) $(lib_objects) $(filter-out $(BUILD)/runner/main.o $(BUILD)/runner/cmd/%,$(runner_objects))
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS) $(quiet_link)
$(BUILD)/tools/bench/cells: $(lib_objects) $(filter-out $(BUILD)/runner/main.o $(BUILD)/runner/cmd/%,$(runner_objects))

# prove runs one suite at a time and two side by side; each run of cells uses all processors.
# With KERNEL= all suites share the machines that boot it (MODULES=, KCONFIG= where it is not a package's).
KERNEL =
MODULES =
KCONFIG =
VM_OPTIONS =
# With RUNTIME= boxes are built by that runtime, in one run; with RUNTIME_PATH= by this build of it.
RUNTIME =
RUNTIME_PATH =
RUNTIME_OPTIONS =
# Without a runtime all of suites/runtime would skip.
kernel_suites = $(if $(RUN),$(RUN),$(addprefix suites/,$(filter-out runtime,$(families))))
vm_run = { $(BUILD)/nsconform vm --kernel $(KERNEL) $(if $(MODULES),--modules $(MODULES)) \
	$(if $(KCONFIG),--config $(KCONFIG)) $(VM_OPTIONS) $(last_run) $(kernel_suites); $(end_run); }
runtime_run = { $(BUILD)/nsconform run --runtime $(RUNTIME) $(if $(RUNTIME_PATH),--runtime-path $(RUNTIME_PATH)) \
	$(RUNTIME_OPTIONS) $(last_run) $(RUN); $(end_run); }
# On a terminal the run itself has told what failed, why, and how to repeat it.
end_run = status=$$?; { [ -t 1 ] && [ -t 2 ]; } || [ ! -e $$run/cells.jsonl ] || $(BUILD)/nsconform summary $$run; \
	echo "exit status $$status"; exit $$status
# --last-failed means what was the last run before this one.
last_run = $(if $(filter --last-failed,$(RUN)),$(if $(filter --rerun%,$(RUN)),,--rerun $$last))
# To prove a file that skips as a whole is fine; that something was judged is said of all of them.
# A bad selection leaves nothing to add up.
native_run = { NSCONFORM=$(BUILD)/nsconform OPTIONS="$(last_run)" \
	prove --exec '$(if $(RUN),tools/check-part,$(BUILD)/nsconform run --part)' $(PROVEFLAGS) \
	$(if $(RUN),"$(subst ",\",$(RUN))",$(kernel_suites)); \
	status=$$?; sum=2; \
	[ ! -e $$run/cells.jsonl ] || { $(BUILD)/nsconform summary $$run; sum=$$?; }; \
	[ $$sum != 0 ] || sum=$$status; exit $$sum; }

check: all
	$(if $(and $(RUNTIME_PATH),$(if $(RUNTIME),,x)),$(error RUNTIME_PATH is about RUNTIME, which is not given))
	$(if $(and $(KERNEL),$(RUNTIME)),$(error KERNEL and RUNTIME do not go together))
	$(Q)last=results/$$(readlink results/latest); run=results/$$(date -u +%Y%m%dT%H%M%SZ)-$$$$; mkdir -p $$run && ln -sfn $${run#results/} results/latest && \
	echo "results go to $$run" && export NSCONFORM_OUTPUT=$$run NSCONFORM_DATA=. && \
	$(if $(KERNEL),$(vm_run),$(if $(RUNTIME),$(runtime_run),$(native_run)))

# What to run while editing a kernel: each kind of namespace in a second or so.
smoke: all
	$(Q)$(BUILD)/nsconform run --quick @smoke

# TESTS="tests/load.t" narrows it; tests/rules.yaml says what runs alone.
TESTS = $(sort $(wildcard tests/*.t)) $(unit_tests)
bench_programs := $(patsubst %,$(BUILD)/tools/bench/%,floor cells cost count)
# All that tests and benches run.
programs: all $(BUILD)/tools/bite/bite $(BUILD)/tests/nsconform $(BUILD)/tests/badrt/badrt $(BUILD)/tests/filter/filter $(BUILD)/tests/spawn/spawn $(BUILD)/tools/bench/count $(unit_tests) $(fuzz_programs) $(bench_programs)

# Where libraries are static ones alone it may not link: only what needs it asks for it.
programs: $(if $(filter tests/valgrind.t tests/counts.t,$(TESTS)),$(BUILD)/tests/nsconform-shared)

test: programs
	$(Q)BUILD=$(BUILD) HARNESS_RULESFILE=tests/rules.yaml prove --norc -j$(JOBS) $(PROVEFLAGS) $(TESTS)

bench: all $(bench_programs)
	$(Q)NSCONFORM_DATA=. tools/bench/run $(BUILD) docs/costs.md

# For another architecture; what is to be compiled waits for what is fetched. Its cells run here where the
# kernel runs its programs (make check ARCH=i386), else in a machine that qemu emulates.
need_arch = $(if $(ARCH),,$(error make $@ ARCH=arm64, i386, riscv64 or s390x))
cross:
	$(need_arch)$(Q)tools/cross build/cross/$(ARCH) $(ARCH)
	$(Q)$(MAKE) ARCH=$(ARCH) WERROR=1 programs

check-cross: cross
	$(Q)tools/cross build/cross/$(ARCH) $(ARCH) machine
	$(Q)$(MAKE) ARCH= all
	$(Q)NSCONFORM_DATA=. build/nsconform vm --arch $$(cat build/cross/$(ARCH)/machine) --init build/$(ARCH)/nsconform \
		--qemu build/cross/$(ARCH)/qemu --kernel $$(echo build/cross/$(ARCH)/kernel/boot/vmlinu[xz]-*) \
		$(VM_OPTIONS) $(if $(RUN),$(RUN),@smoke)

# Each of these compilers that is here, with warnings as errors, and the unit tests of what it made.
COMPILERS = gcc-11 gcc-12 gcc-13 gcc-14 clang-14 clang-15 clang-16 clang-19
check-compilers:
	$(Q)MAKE='$(MAKE)' tools/check-compilers $(COMPILERS)

# Without the tests that run all suites, or run under another tool.
sanitize = -g -fsanitize=address,undefined -fno-sanitize-recover=all
asan:
	$(Q)$(MAKE) BUILD=$(BUILD)/asan CC='$(CC)' CFLAGS='-O1 $(sanitize) -fno-omit-frame-pointer' \
		LINK='$(CC) $(sanitize) -no-pie' \
		TESTS='$(patsubst %,tests/%.t,load judge commands run consumers) $(patsubst $(BUILD)/%,$(BUILD)/asan/%,$(unit_tests))' test

# Each target for so many SECONDS, all processors at once, with sanitizers, from the kept inputs; what is new is
# kept in FUZZ_KEEP=dir. What ends a target is left in build/fuzz/crashes.
SECONDS = 60
SEED = 1
FUZZ_KEEP =
FUZZ = $(fuzz_targets)
fuzz_coverage = $(if $(LIBFUZZER),-fsanitize=fuzzer-no-link,-fsanitize-coverage=trace-pc)
fuzz:
	$(Q)$(MAKE) BUILD=$(BUILD)/fuzz CC='$(CC)' CFLAGS='-O1 $(sanitize) -fno-omit-frame-pointer $(fuzz_coverage)' \
		LINK='$(CC) $(sanitize) -no-pie $(if $(LIBFUZZER),-fsanitize=fuzzer)' fuzz-programs
	$(Q)LIBFUZZER='$(LIBFUZZER)' KEEP='$(FUZZ_KEEP)' SEED=$(SEED) tools/fuzz $(BUILD)/fuzz $(SECONDS) $(JOBS) $(FUZZ)
fuzz-programs: $(fuzz_programs)

# Small defects in what comes to verdicts, and which tests notice: a sample of MUTANTS=400 (SEED=1), or `all`, which
# takes hours, in FILES="judge.c match.c" alone, by TESTS="tests/judge.t"; docs/harness-mutants.md is written from all.
MUTANTS = 400
FILES =
HARNESS_TESTS = $(patsubst $(BUILD)/%,build/%,$(filter-out %/decompress %/module %/deal,$(unit_tests))) \
	$(patsubst %,tests/%.t,judge numbers links tags known load)
check-harness:
	$(Q)CC='$(CC)' JOBS=$(JOBS) MUTANTS=$(MUTANTS) SEED=$(SEED) FILES='$(FILES)' \
		TESTS='$(if $(filter command,$(origin TESTS)),$(TESTS),$(HARNESS_TESTS))' \
		$(if $(filter all,$(MUTANTS)),REPORT=docs/harness-mutants.md) tools/check-harness $(BUILD) $(FILES)

# A test may fail here that looks at what a program complains of: one whose counts cannot be written says so. What
# libgcov calls in a child that was forked is only weakly known, and no library that is linked statically has it.
# Which branches the harness's own tests take, those that need no cells: docs/harness-branches.md.
covered_dirs = lib/base runner/load runner/plan runner/report
COVERAGE_TESTS = $(patsubst %,tests/%.t,judge load known select exits records reports commands numbers links tags merge \
	compare kconfig flaky) $(patsubst $(BUILD)/%,$(BUILD)/coverage/%,$(unit_tests))
BRANCHES =
coverage-report:
	$(Q)mkdir -p $(BUILD)/coverage && find $(BUILD)/coverage -name '*.gcda' -delete
	-$(Q)$(MAKE) BUILD=$(BUILD)/coverage CC='$(CC)' CFLAGS='-O0 -g --coverage' LDFLAGS='-Wl,-u,pthread_mutex_init' TESTS='$(COVERAGE_TESTS)' test
	$(Q)BRANCHES='$(BRANCHES)' tools/branches $(BUILD)/coverage $(covered_dirs) > $(BUILD)/branches.md; status=$$?; \
	mv $(BUILD)/branches.md docs/harness-branches.md; exit $$status

families := $(sort $(patsubst suites/%/,%,$(dir $(wildcard suites/*/*.yaml))))
clause_families := $(filter-out waived,$(patsubst suites/clauses/%.tsv,%,$(sort $(wildcard suites/clauses/*.tsv))))
# What is generated, and by which command; docs/ops has a page for each family of ops.
op_families = $(BUILD)/nsconform ops | sed 's/\..*//' | sort -u
documents = { printf '%s\n' 'docs/ops.md ops --markdown' 'docs/ops/types.md ops --markdown types' \
	'docs/keys.md ops --markdown keys' 'docs/selectors.md ops --markdown selectors' \
	'docs/report-formats.md ops --markdown reports' 'docs/exits.md ops --markdown exits' \
	'suites/schema.json schema' 'fixtures/results.schema.json schema results' \
	'docs/results-format.md schema --markdown results' 'docs/clauses.md coverage --markdown' \
	'docs/clauses/runtime-spec.md coverage --markdown --spec runtime' \
	$(foreach f,$(clause_families),'docs/clauses/$f.md coverage --markdown $f') \
	$(foreach schema,runtimes kernels known,'fixtures/$(schema).schema.json schema $(schema)') \
	'docs/commands/nsconform.md help --markdown' 'fixtures/kernels/nsconform.config kconfig' \
	$(foreach f,$(families),'suites/$f/config kconfig $f'); $(op_families) | sed 's|.*|docs/ops/&.md ops --markdown &|'; \
	$(commands) | sed 's|.*|docs/commands/&.md help --markdown &|'; }
commands = $(BUILD)/nsconform complete -- help '' | cut -f1
# Pages of families and commands that are gone.
surplus_pages = ls docs/ops/* docs/commands/* docs/clauses/* | sort > $(BUILD)/pages; \
	$(documents) | cut -d' ' -f1 | sort | comm -13 - $(BUILD)/pages

docs: all
	$(Q)mkdir -p docs/ops docs/commands docs/clauses
	$(Q)$(documents) | while read -r file command; do \
		$(BUILD)/nsconform $$command > $$file.new && mv $$file.new $$file || { rm -f $$file.new; exit 1; }; done
	$(Q)$(surplus_pages) | xargs -r rm

check-docs: all
	$(Q)$(documents) | while read -r file command; do \
		$(BUILD)/nsconform $$command | cmp - $$file || { echo "$$file is stale: make docs"; exit 1; }; done
	$(Q)$(surplus_pages) | { ! grep . || { echo 'of no family: make docs'; exit 1; }; }

# Symbols are looked at by their users, tests among them.
lint: check-docs $(BUILD)/tests/nsconform $(BUILD)/tests/filter/filter $(BUILD)/tests/spawn/spawn $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/*/*.c tools/*/*.c))
	$(Q)tools/lint $(BUILD)

# A kernel to boot in tests, too; where there is none to be had, those tests skip.
deps: deps-packages deps-kernel
deps-packages:
	$(Q)tools/deps
deps-kernel: $(BUILD)/nsconform
	$(Q)tools/deps-kernels $(BUILD)/nsconform $(BUILD)/kernels 6.1-cloud || \
		echo 'deps: no kernel to boot: tests that need one are going to skip'

# Kernels to try (KERNELS="6.1-cloud", all in fixtures/kernels by default), and qemu where it is
# not installed: downloaded and unpacked, not installed.
KERNELS =
deps-kernels: all
	$(Q)tools/deps-kernels $(BUILD)/nsconform $(BUILD)/kernels $(KERNELS)

# What checks the recipes of docs/ci (npm packages): tests/ci.t.
deps-ci:
	$(Q)tools/deps-ci $(BUILD)/ci

check-kernels: all
	$(Q)NSCONFORM_DATA=. CHECK_OPTIONS='$(VM_OPTIONS) $(kernel_suites)' tools/check-kernels $(BUILD) \
		results/kernels-$$(date -u +%Y%m%dT%H%M%SZ)-$$$$ $(KERNELS)

# Runtimes to try: packages of this distribution, and no daemon is started by their installation.
deps-runtimes: all
	$(Q)NSCONFORM_DATA=. tools/deps-runtimes $(BUILD)

RUNTIMES =
check-runtimes: all
	$(Q)NSCONFORM_DATA=. CHECK_OPTIONS='$(RUNTIME_OPTIONS) $(RUN)' tools/check-runtimes $(BUILD) \
		results/runtimes-$$(date -u +%Y%m%dT%H%M%SZ)-$$$$ $(RUNTIMES)

# What runs are compared with later: KERNELS= and RUNTIMES= narrow it.
baseline: all
	$(Q)NSCONFORM_DATA=. KERNELS='$(KERNELS)' RUNTIMES='$(RUNTIMES)' \
		KERNEL_OPTIONS='$(VM_OPTIONS) $(kernel_suites)' RUNTIME_OPTIONS='$(RUNTIME_OPTIONS) $(RUN)' \
		tools/baseline $(BUILD) results/baselines-$$(date -u +%Y%m%dT%H%M%SZ)-$$$$

# The document is only written from all of them.
ENVIRONMENTS =
check-environments: all $(BUILD)/tests/nsconform $(BUILD)/tests/filter/filter $(BUILD)/tests/spawn/spawn
	$(Q)run=results/environments-$$(date -u +%Y%m%dT%H%M%SZ)-$$$$; mkdir -p results && \
	BUILD=$(BUILD) tools/check-environments $$run $(ENVIRONMENTS); status=$$?; \
	$(if $(ENVIRONMENTS),,[ ! -s $$run/environments.md ] || cp $$run/environments.md docs/environments.md;) exit $$status

# Each system call of a run is forbidden, one at a time; CALLS="setns mount" narrows it, and keeps the report.
CALLS =
check-filters: all $(BUILD)/tests/nsconform $(BUILD)/tests/filter/filter $(BUILD)/tests/spawn/spawn
	$(Q)BUILD=$(BUILD) tools/check-filters $(CALLS) > $(BUILD)/filters.md
	$(if $(CALLS),@tail -n +20 $(BUILD)/filters.md,$(Q)mv $(BUILD)/filters.md docs/filters.md)

# A quarter of the lies, by SEED; BITE=all of them, BITE=keep to write the list and docs/bite.md anew.
BITE =
SEED = 1
check-bite: $(BUILD)/tools/bite/bite
	$(Q)NSCONFORM_DATA=. BITE='$(BITE)' SEED='$(SEED)' WHOLE=$(if $(RUN),,1) TOLD=$(BUILD)/bite.tsv REPORT=$(BUILD)/bite.md tools/check-bite $(BUILD) $(kernel_suites)

# A kernel of LINUX_SOURCE, with its defects one at a time; the document is only written from all of them.
MUTANTS =
check-mutants: all
	$(Q)run=$(if $(RESULTS),$(RESULTS),results/mutants-$$(date -u +%Y%m%dT%H%M%SZ)-$$$$); mkdir -p $$run && \
	NSCONFORM_DATA=. LINUX_SOURCE='$(LINUX_SOURCE)' JOBS=$(JOBS) CHECK_OPTIONS='$(VM_OPTIONS)' tools/check-mutants $(BUILD) $$run $(MUTANTS); status=$$?; \
	$(if $(MUTANTS),,[ ! -s $$run/mutants.md ] || cp $$run/mutants.md docs/mutants.md;) exit $$status

# Wants lava-dispatcher: jobs for KERNELS of deps-kernels, RUNTIMES and SHARDS, without a server of LAVA's.
SHARDS =
SELECTION =
OPTIONS =
TARBALL = $(ksft_tar)
.PHONY: check-lava
check-lava: all $(if $(filter command environment,$(origin TARBALL)),,kselftest-tar)
	$(Q)NSCONFORM_DATA=. RUNTIMES='$(RUNTIMES)' SHARDS='$(SHARDS)' SELECTION='$(SELECTION)' OPTIONS='$(OPTIONS)' \
		tools/check-lava $(BUILD) $(TARBALL) results/lava-$$(date -u +%Y%m%dT%H%M%SZ)-$$$$ $(KERNELS)

# The collections of RUNTIMES, or of these SELECTION's suites, on KERNELS of deps-kernels.
.PHONY: check-kselftest
check-kselftest: all $(if $(filter command environment,$(origin TARBALL)),,kselftest-tar)
	$(Q)NSCONFORM_DATA=. RUNTIMES='$(RUNTIMES)' SELECTION='$(SELECTION)' OPTIONS='$(OPTIONS)' BUILD='$(BUILD)' \
		tools/check-kselftest $(BUILD) $(TARBALL) results/kselftest-$$(date -u +%Y%m%dT%H%M%SZ)-$$$$ $(KERNELS)

# For nodes of Kubernetes, and for who can only run an image; for this machine's architecture, or for several.
IMAGE_ARCHES =
image: all
	$(Q)MAKE='$(MAKE)' tools/image $(BUILD) $(VERSION) $(IMAGE_ARCHES)

# `make deps check`: the compiler waits for the packages, and whatever runs something for all of it.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
$(BUILD)/flags: | deps-packages
$(filter-out all $(BUILD)/%,$(goals)): | deps
endif

# The manual, from docs/; only its own tool is needed.
pages = $(wildcard docs/*.md docs/commands/*.md)
man: $(BUILD)/man/nsconform.1
$(BUILD)/man/nsconform.1: tools/manual Makefile $(pages)
	@rm -rf $(@D) && mkdir -p $(@D)
	$(call say,MAN,$(@D))
	$(Q)tools/manual $(@D) $(VERSION) $(RELEASED)

# Pairs of what is installed and where: uninstall removes just that.
completions = nsconform.bash:bash-completion/completions/nsconform nsconform.zsh:zsh/site-functions/_nsconform \
	nsconform.fish:fish/vendor_completions.d/nsconform.fish
data := $(shell find suites fixtures results/baseline tools/lava -type f 2>/dev/null)
documentation := README.md $(shell find docs -name '*.md' -o -path 'docs/ci/*' -type f 2>/dev/null)
installed = { printf '%s\n' '755 $(BUILD)/nsconform $(bindir)/nsconform' \
	$(foreach f,$(data),'644 $f $(pkgdatadir)/$f') $(foreach f,$(documentation),'644 $f $(docdir)/$f') \
	$(foreach c,$(completions),'644 tools/completion/$(firstword $(subst :, ,$c)) $(datadir)/$(lastword $(subst :, ,$c))'); \
	for page in $(BUILD)/man/*.[15]; do \
		echo "644 $$page $(mandir)/man$${page\#\#*.}/$${page\#\#*/}"; done; }

install: all man
	$(Q)umask 022; $(installed) | while read -r mode from to; do install -D -m $$mode $$from "$(DESTDIR)$$to" || exit 1; done

uninstall: man
	$(Q)$(installed) | while read -r mode from to; do rm -f "$(DESTDIR)$$to" || exit 1; done
	$(Q)for dir in $(pkgdatadir) $(docdir); do [ ! -d "$(DESTDIR)$$dir" ] || \
		find "$(DESTDIR)$$dir" -depth -type d -empty -delete; done

# As collections of kselftest: docs/kselftest.md. A kernel's installation has run_kselftest.sh already.
KSFT_INSTALL_PATH =
LINUX_SOURCE = $(lastword $(sort $(wildcard /usr/src/linux-source-*.tar.xz)))
ksft_runtimes = $(if $(RUNTIMES),$(RUNTIMES),$(patsubst fixtures/runtimes/%.yaml,%,$(sort $(wildcard fixtures/runtimes/*.yaml))))
ksft_install = { [ -e "$(1)/run_kselftest.sh" ] || $(if $(LINUX_SOURCE),tools/kselftest/runner "$(LINUX_SOURCE)" "$(1)",\
	echo 'kselftest: without run_kselftest.sh: LINUX_SOURCE= is where it comes from' >&2); } && \
	printf '%s\n' $(data) | tools/kselftest/install $(BUILD)/nsconform "$$($(CC) -print-prog-name=strip)" "$(1)" $(ksft_runtimes)
kselftest-install: all
	$(if $(KSFT_INSTALL_PATH),,$(error KSFT_INSTALL_PATH= is where to))
	$(Q)$(call ksft_install,$(KSFT_INSTALL_PATH))

# The same bytes from the same source, compiler and kernel source.
ksft_tar = $(BUILD)/nsconform-kselftest-$(firstword $(subst -, ,$(shell $(CC) -dumpmachine))).tar.xz
kselftest-tar: all
	$(Q)rm -rf $(BUILD)/kselftest && $(call ksft_install,$(BUILD)/kselftest)
	$(call say,TAR,$(ksft_tar))
	$(Q)tar -C $(BUILD)/kselftest --format=gnu --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rwX,go=rX \
		--mtime="@$${SOURCE_DATE_EPOCH:-$$(date -ud $(RELEASED) +%s)}" -c . | xz -T1 > $(ksft_tar).$$$$ && \
		mv -f $(ksft_tar).$$$$ $(ksft_tar)

# The commit, whatever else lies here, as an archive that is the same wherever it is made; in it the RPM
# spec, beside it the APKBUILD, with version and checksum filled in.
archive = $(BUILD)/dist/nsconform-$(VERSION).tar.gz
dist:
	$(Q)rm -rf $(BUILD)/dist && mkdir -p $(BUILD)/dist
	$(Q)git show HEAD:packaging/nsconform.spec.in > $(BUILD)/dist/in && sed "s/@VERSION@/$(VERSION)/; s/@DATE@/$$(LC_ALL=C date -ud $(RELEASED) \
		'+%a %b %d %Y')/" $(BUILD)/dist/in > $(BUILD)/dist/nsconform.spec
	$(Q)git -c tar.umask=0022 archive --format=tar --prefix=nsconform-$(VERSION)/packaging/ \
		--add-file=$(BUILD)/dist/nsconform.spec --prefix=nsconform-$(VERSION)/ -o $(archive:.gz=) HEAD && gzip -9n $(archive:.gz=)
	$(Q)git show HEAD:packaging/APKBUILD.in > $(BUILD)/dist/in && sed "s/@VERSION@/$(VERSION)/; s/@SHA512@/$$(sha512sum < $(archive) | \
		cut -d' ' -f1)/" $(BUILD)/dist/in > $(BUILD)/dist/APKBUILD && rm $(BUILD)/dist/in

clean:
	rm -rf $(BUILD)

-include $(lib_objects:.o=.d) $(runner_objects:.o=.d) $(BUILD)/tests/registry.d $(wildcard $(BUILD)/tests/*/*.d $(BUILD)/tools/*/*.d)

.PHONY: all FORCE help check smoke test fuzz fuzz-programs check-harness coverage-report programs cross check-cross check-compilers bench asan docs check-docs lint deps deps-packages deps-kernel deps-kernels deps-ci check-kernels deps-runtimes check-runtimes baseline check-environments check-filters check-bite check-mutants image man install uninstall kselftest-install kselftest-tar dist libraries musl clean
.DELETE_ON_ERROR:
.SECONDARY:
