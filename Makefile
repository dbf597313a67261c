# One word per job. `make run` and `make test` are all that a newcomer needs.

SWIFT ?= swift
PREFIX ?= /usr/local
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
NAME = virtio-pci-inspect
PROGRAM = .build/release/$(NAME)
STATIC_PROGRAM = .build-static/release/$(NAME)

# What a word needs and is not installed is named; `make run` and `make test` install it, as root.
DEPS = check
run test: DEPS = offer
need = @.ci/deps $(DEPS) $@

RELEASE = -c release --product $(NAME) $(shell sed "s, *\#.*,," .ci/release.flags)
# A scratch folder of its own: its flags differ.
STATIC = --scratch-path .build-static --disable-default-traits -Xswiftc -static-executable

# Installs what all the words need, or those of FOR="test bench".
deps:
	.ci/deps install $(FOR)

build: archives
	$(SWIFT) build $(RELEASE)

run: build
	$(PROGRAM) $(ARGS)

test:
	$(need)
	$(SWIFT) test -Xswiftc -warnings-as-errors

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

# Without libpci and without a dynamic loader, for an initramfs.
static: archives
	$(SWIFT) build $(RELEASE) $(STATIC)

# ONLY="floor counts" measures that alone; RECORD=1 keeps the counts of instructions.
bench: build static
	$(need)
	RECORD=$(RECORD) python3 -B Tests/Benchmarks/bench.py $(PROGRAM) $(STATIC_PROGRAM) $(ONLY)

# The library as Embedded Swift for bare metal, and a driver of it that boots under QEMU.
embedded:
	$(need)
	SWIFT="$(SWIFT)" Tests/BareMetal/run aarch64

# What takes too long for every change.
nightly: build static
	$(need)
	SWIFT="$(SWIFT)" Tests/BareMetal/run riscv64 armv7 x86_64
	VM_FULL=1 Tests/VM/run --guest zoo --guest zoo-fatal --guest zoo-firmware $(PROGRAM) $(STATIC_PROGRAM)
	for suite in trixie sid; do \
		Tests/VM/fetch $$suite && Tests/VM/run --kernel .build/vm/kernel-$$suite --guest zoo \
			$(PROGRAM) $(STATIC_PROGRAM) || exit; \
	done

# What an access to a register costs a client of the library.
bench-library:
	$(SWIFT) run -c release --package-path Tests/Benchmarks/Library --scratch-path .build-library

# Each fuzz target for TIME seconds, or TARGET alone.
TIME ?= 60
fuzz:
	$(need)
	SWIFT="$(SWIFT)" Tests/Fuzz/run $(TIME) $(TARGET)

# Which lines of the library and of what reads devices no test reaches. Runs of the program count.
coverage:
	SWIFT="$(SWIFT)" Tests/coverage

# Memory of the C code, and of what Swift does with pointers, in the tests and in the program that they
# run. There is one thread, so that the thread sanitizer has nothing to look at. Leak checking is off:
# Swift never frees its static tables. `make test` runs valgrind.
sanitize:
	ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1 SWIFT_BACKTRACE=enable=no \
		$(SWIFT) test --scratch-path .build-asan --sanitize address -Xcc -fsanitize=undefined

# What is made from the program's tables and committed. Read the difference.
record:
	RECORD=1 $(SWIFT) test -Xswiftc -warnings-as-errors --filter /golden || git diff --stat

# In guests under QEMU. VM_FULL=1 takes 208 functions in place of 64, VM_RUNS=1000 runs each mode so
# often under traffic.
vm-test: build static
	$(need)
	VM_FULL=$(VM_FULL) VM_RUNS=$(VM_RUNS) Tests/VM/run $(PROGRAM) $(STATIC_PROGRAM)

# COUNT=100000 SEED=2 compares more functions, and others.
diff: build
	$(need)
	python3 -B Tests/Differential/differential.py $(PROGRAM) $(or $(COUNT),10000) $(or $(SEED),1)

# What the linker made of the programs, and whether Swift still has what runtime.c replaces.
hardening: build static
	$(need)
	python3 -B Tests/Hardening/properties.py $(PROGRAM) $(STATIC_PROGRAM)
	python3 -B Tests/Hardening/replaced.py $(dir $(realpath $(shell command -v $(SWIFT))))

# Every system call of a run fails in turn; SHARE=1 tries all of it.
faults: build static
	$(need)
	python3 -B Tests/Faults/faults.py --share $(or $(SHARE),20) $(PROGRAM) $(STATIC_PROGRAM)

# Trees, files, names and limits as a stranger makes them; as root, for the links and mounts among them.
# CASES="capture twice" tries those with these words in their names.
hostile: build static
	$(need)
	Tests/Hostile/run $(PROGRAM) $(STATIC_PROGRAM) $(CASES)

# What is installed beside the program, FILE:FOLDER, and those of the folders that are its own.
OWN = $(PREFIX)/share/doc/$(NAME) $(PREFIX)/share/$(NAME)
INSTALLED = LICENSE:$(PREFIX)/share/doc/$(NAME) \
	.build/$(NAME).schema.json:$(PREFIX)/share/$(NAME) \
	$(patsubst %,%:$(PREFIX)/share/man/man5,$(wildcard man/*.5)) \
	$(patsubst %,%:$(PREFIX)/share/man/man8,$(wildcard man/*.8)) \
	$(patsubst %,%:$(PREFIX)/share/bash-completion/completions,$(wildcard completions/*.bash)) \
	$(patsubst %,%:$(PREFIX)/share/fish/vendor_completions.d,$(wildcard completions/*.fish)) \
	$(patsubst %,%:$(ZSH_COMPLETIONS),$(wildcard completions/_*))

# As root, whose PATH may lack Swift, it takes what was built.
install: $(if $(shell command -v $(SWIFT)),build) install-files

install-files:
	$(PROGRAM) --schema > .build/$(NAME).schema.json
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/$(NAME)
	@for each in $(INSTALLED); do \
		install -v -D -m 644 -t "$(DESTDIR)$${each#*:}" "$${each%%:*}" || exit; \
	done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/$(NAME)
	@for each in $(INSTALLED); do \
		rm -v -f "$(DESTDIR)$${each#*:}/$$(basename "$${each%%:*}")"; \
	done
	@for each in $(OWN); do \
		[ ! -d "$(DESTDIR)$$each" ] || rmdir -v --ignore-fail-on-non-empty "$(DESTDIR)$$each"; \
	done

# For Debian: .build/$(NAME)_VERSION_ARCHITECTURE.deb
deb:
	$(need)
	.ci/deb

# As root, for its chroot.
deb-test: deb static
	$(need)
	Tests/Package/run .build/$(NAME)_*.deb $(STATIC_PROGRAM)

# For a release: .build/dist holds the source, and the static program with manual and completions.
dist: static
	.ci/dist

dist-test: dist
	$(need)
	Tests/Dist/run .build/dist

# What the README says of many machines.
fleet-test: build
	$(need)
	Tests/Fleet/run $(PROGRAM)

# The library's documentation; python3 -m http.server -d .build/docs/html shows it.
docs:
	$(need)
	SWIFT="$(SWIFT)" Tests/Documentation/run

# A folder in which the linker finds the static C++ library alone.
archives:
	@.ci/deps $(DEPS) build
	@mkdir -p .build/archives
	@ln -sf "$$($(CC) -print-file-name=libstdc++.a)" .build/archives/

.PHONY: archives bench bench-library build coverage deb deb-test deps diff dist \
	dist-test docs embedded faults fleet-test format fuzz hardening hostile \
	install install-files lint nightly record run sanitize static test uninstall vm-test
