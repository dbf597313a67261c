# One word per job. `make run` and `make test` are all that a newcomer needs.

SWIFT ?= swift
PREFIX ?= /usr/local
PROGRAM = virtio-pci-inspect

# One thread, so reference counts need not be atomic. lld, since programs that gold links take a
# millisecond more to start; and the C++ library that Swift's runtime needs goes into the program, since
# the loader's search for its symbols takes most of another.
RELEASE = -c release --product $(PROGRAM) --static-swift-stdlib \
	-Xswiftc -assume-single-threaded -Xswiftc -use-ld=lld -Xlinker --gc-sections \
	-Xlinker --no-export-dynamic -Xlinker -L$(CURDIR)/.build/archives \
	-Xswiftc -Xclang-linker -Xswiftc -static-libgcc
# A scratch folder of its own: its flags differ.
STATIC = --scratch-path .build-static --disable-default-traits -Xswiftc -static-executable

build: headers archives
	$(SWIFT) build $(RELEASE)

run: build
	.build/release/$(PROGRAM) $(ARGS)

test: headers valgrind
	$(SWIFT) test -Xswiftc -warnings-as-errors

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

# Without libpci and without a dynamic loader, for an initramfs.
static: archives
	$(SWIFT) build $(RELEASE) $(STATIC)

bench: build static
	python3 Tests/Benchmarks/bench.py .build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

# Each fuzz target for TIME seconds, or TARGET alone.
TIME ?= 60
fuzz: headers
	SWIFT="$(SWIFT)" Tests/Fuzz/run $(TIME) $(TARGET)

# Which lines of the library and of what reads devices no test reaches. Runs of the program count.
coverage: headers
	rm -rf .build-coverage/debug/codecov
	$(SWIFT) test --enable-code-coverage --scratch-path .build-coverage
	$(LLVM_COV) report $(COVERED)
	@$(LLVM_COV) show $(COVERED) | awk '/^\// { file = $$0 } /^ *[0-9]+\| +0\|/ { \
		if (file) print file; file = ""; print }'
LLVM_COV = $(dir $(realpath $(shell command -v $(SWIFT))))llvm-cov
COVERED = .build-coverage/debug/$(PROGRAM)PackageTests.xctest \
	-instr-profile .build-coverage/debug/codecov/default.profdata Sources/VirtioPCI Sources/PCIAccess

# Memory of the C code, and of what Swift does with pointers, in the tests and in the program that they
# run. There is one thread, so that the thread sanitizer has nothing to look at. Leaks are valgrind's
# matter: the tables that Swift never frees are none.
sanitize: headers
	ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1 SWIFT_BACKTRACE=enable=no \
		$(SWIFT) test --scratch-path .build-asan --sanitize address -Xcc -fsanitize=undefined

# In guests under QEMU; as root, for what it installs. VM_FULL=1 takes 208 functions in place of 64.
vm-test: build static
	VM_FULL=$(VM_FULL) Tests/VM/run .build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

install: build
	install -D -s -m 755 .build/release/$(PROGRAM) $(DESTDIR)$(PREFIX)/bin/$(PROGRAM)
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/$(PROGRAM)/LICENSE

# The back end for libpci is compiled against its header; the library itself is loaded on demand.
headers:
	@echo '#include <pci/pci.h>' | $(CC) -E - >/dev/null 2>&1 || \
		{ apt-get update -qq && apt-get install -y -qq libpci-dev; }

# What it finds is left out where it cannot be had.
valgrind:
	@command -v valgrind >/dev/null || { apt-get update -qq && apt-get install -y -qq valgrind; } || true

# A folder in which the linker finds the archive alone.
archives:
	@mkdir -p .build/archives
	@ln -sf "$$($(CC) -print-file-name=libstdc++.a)" .build/archives/

.PHONY: archives build run test lint format static bench fuzz coverage sanitize vm-test install headers valgrind
