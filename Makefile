# One word per job. `make run` and `make test` are all that a newcomer needs.

SWIFT ?= swift
PREFIX ?= /usr/local
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
PROGRAM = virtio-pci-inspect

# Calls from one module to another are optimized as those within one. One thread, so reference counts
# need not be atomic. The compiler makes the generic types that it knows, which else take a good part of
# a short run. lld, since programs that gold links take a millisecond more to start; and the C++ library
# that Swift's runtime needs goes into the program, since the loader's search for its symbols takes most
# of another. What a run touches lies together, function by function.
RELEASE = -c release --product $(PROGRAM) --static-swift-stdlib \
	-Xswiftc -cross-module-optimization \
	-Xswiftc -assume-single-threaded -Xswiftc -Xfrontend -Xswiftc -prespecialize-generic-metadata \
	-Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -use-ld=lld -Xlinker --gc-sections \
	-Xlinker --no-export-dynamic -Xlinker -L$(CURDIR)/.build/archives \
	-Xswiftc -Xclang-linker -Xswiftc -static-libgcc \
	--disable-local-rpath -Xlinker -z -Xlinker now \
	-Xlinker --symbol-ordering-file=$(CURDIR)/Sources/link-order.txt -Xlinker --no-warn-symbol-ordering
# A scratch folder of its own: its flags differ.
STATIC = --scratch-path .build-static --disable-default-traits -Xswiftc -static-executable

build: headers archives
	$(SWIFT) build $(RELEASE)

run: build
	.build/release/$(PROGRAM) $(ARGS)

test: headers tools
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
	RECORD=$(RECORD) python3 -B Tests/Benchmarks/bench.py \
		.build/release/$(PROGRAM) .build-static/release/$(PROGRAM) $(ONLY)

# The library as Embedded Swift for bare metal, and a driver of it that boots under QEMU.
embedded:
	$(call need,qemu-system-aarch64,qemu-system-arm)
	SWIFT="$(SWIFT)" Tests/BareMetal/run aarch64

# What takes too long for every change.
nightly:
	$(call need,qemu-system-arm,qemu-system-arm)
	$(call need,qemu-system-riscv64,qemu-system-misc)
	SWIFT="$(SWIFT)" Tests/BareMetal/run riscv64 armv7 x86_64

# What an access to a register costs a client of the library.
bench-library:
	$(SWIFT) run -c release --package-path Tests/Benchmarks/Library --scratch-path .build-library

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
	-instr-profile .build-coverage/debug/codecov/default.profdata Sources/VirtioPCI Sources/VirtioConformance Sources/PCIAccess

# Memory of the C code, and of what Swift does with pointers, in the tests and in the program that they
# run. There is one thread, so that the thread sanitizer has nothing to look at. Leaks are valgrind's
# matter: the tables that Swift never frees are none.
sanitize: headers
	ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1 SWIFT_BACKTRACE=enable=no \
		$(SWIFT) test --scratch-path .build-asan --sanitize address -Xcc -fsanitize=undefined

# Sources/link-order.txt anew, when the program has changed much.
link-order: static
	$(call need,valgrind,valgrind)
	python3 -B Tests/Benchmarks/order.py .build-static/release/$(PROGRAM) > .build/link-order
	mv .build/link-order Sources/link-order.txt
	rm -f .build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

# What is made from the program's tables and committed. Read the difference.
record:
	RECORD=1 $(SWIFT) test -Xswiftc -warnings-as-errors --filter /golden || git diff --stat

# In guests under QEMU; as root, for what it installs. VM_FULL=1 takes 208 functions in place of 64,
# VM_RUNS=1000 runs each mode so often under traffic.
vm-test: build static
	VM_FULL=$(VM_FULL) VM_RUNS=$(VM_RUNS) Tests/VM/run .build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

# What is installed beside the program, FILE:FOLDER, and those of the folders that are its own.
OWN = $(PREFIX)/share/doc/$(PROGRAM) $(PREFIX)/share/$(PROGRAM)
INSTALLED = LICENSE:$(PREFIX)/share/doc/$(PROGRAM) \
	.build/$(PROGRAM).schema.json:$(PREFIX)/share/$(PROGRAM) \
	$(patsubst %,%:$(PREFIX)/share/man/man5,$(wildcard man/*.5)) \
	$(patsubst %,%:$(PREFIX)/share/man/man8,$(wildcard man/*.8)) \
	$(patsubst %,%:$(PREFIX)/share/bash-completion/completions,$(wildcard completions/*.bash)) \
	$(patsubst %,%:$(PREFIX)/share/fish/vendor_completions.d,$(wildcard completions/*.fish)) \
	$(patsubst %,%:$(ZSH_COMPLETIONS),$(wildcard completions/_*))

# COUNT=100000 SEED=2 compares more functions, and others.
diff: build headers
	$(call need,lspci,pciutils)
	python3 -B Tests/Differential/differential.py .build/release/$(PROGRAM) $(or $(COUNT),10000) $(or $(SEED),1)

# What the linker made of the programs.
hardening: build static
	python3 -B Tests/Hardening/properties.py .build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

# Every system call of a run fails in turn; SHARE=1 tries all of it.
faults: build static
	$(call need,strace,strace)
	python3 -B Tests/Faults/faults.py --share $(or $(SHARE),20) \
		.build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

# Trees, files, names and limits as a stranger makes them; as root, for the links and mounts among them.
# CASES="capture twice" tries those with these words in their names.
hostile: build static
	Tests/Hostile/run .build/release/$(PROGRAM) .build-static/release/$(PROGRAM) $(CASES)

# As root, whose PATH may lack Swift, it takes what was built.
install: $(if $(shell command -v $(SWIFT)),build)
	.build/release/$(PROGRAM) --schema > .build/$(PROGRAM).schema.json
	install -D -s -m 755 .build/release/$(PROGRAM) $(DESTDIR)$(PREFIX)/bin/$(PROGRAM)
	@for each in $(INSTALLED); do \
		install -v -D -m 644 -t "$(DESTDIR)$${each#*:}" "$${each%%:*}" || exit; \
	done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/$(PROGRAM)
	@for each in $(INSTALLED); do \
		rm -v -f "$(DESTDIR)$${each#*:}/$$(basename "$${each%%:*}")"; \
	done
	@for each in $(OWN); do \
		[ ! -d "$(DESTDIR)$$each" ] || rmdir -v --ignore-fail-on-non-empty "$(DESTDIR)$$each"; \
	done

# For Debian: .build/$(PROGRAM)_VERSION_ARCHITECTURE.deb
deb:
	.ci/deb

# As root, for what it installs and for its chroot.
deb-test: deb static
	Tests/Package/run .build/$(PROGRAM)_*.deb .build-static/release/$(PROGRAM)

# What the README says of many machines; as root, for what it installs.
fleet-test: build
	Tests/Fleet/run .build/release/$(PROGRAM)

# The library's documentation; python3 -m http.server -d .build/docs/html shows it.
docs:
	@set -e; for module in VirtioPCI VirtioConformance; do \
		mkdir -p .build/docs/$$module; \
		$(SWIFT)c -parse-as-library -swift-version 6 -package-name $(PROGRAM) -module-name $$module \
			-I .build/docs -emit-module -emit-module-path .build/docs/$$module.swiftmodule \
			-emit-symbol-graph -emit-symbol-graph-dir .build/docs/$$module \
			$$(find Sources/$$module -name '*.swift'); \
	done
	python3 -B Tests/Documentation/undocumented.py .build/docs/VirtioPCI .build/docs/VirtioConformance
	docc convert Sources/VirtioPCI/VirtioPCI.docc --warnings-as-errors \
		--additional-symbol-graph-dir .build/docs/VirtioPCI --output-dir .build/docs/html \
		--fallback-bundle-identifier VirtioPCI
	docc convert Sources/VirtioConformance/VirtioConformance.docc --warnings-as-errors \
		--additional-symbol-graph-dir .build/docs/VirtioConformance \
		--output-dir .build/docs/conformance --fallback-bundle-identifier VirtioConformance

# A program and the package that has it.
need = @command -v $(1) >/dev/null || { apt-get update -qq && apt-get install -y -qq $(2) >/dev/null; }

# The back end for libpci is compiled against its header; the library itself is loaded on demand.
headers:
	@echo '#include <pci/pci.h>' | $(CC) -E - >/dev/null 2>&1 || \
		{ apt-get update -qq && apt-get install -y -qq libpci-dev; }

# What the output and the documents are checked with, and the shells that the completions are for.
TOOLS = fish groff jq libxml2-utils mandoc python3-jsonschema strace tmux valgrind zsh
tools:
	@dpkg -s $(TOOLS) >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $(TOOLS); } || :

# A folder in which the linker finds the archive alone.
archives:
	@mkdir -p .build/archives
	@archive=$$($(CC) -print-file-name=libstdc++.a); [ -e "$$archive" ] || \
		{ echo "the static C++ library, libstdc++.a, is missing" >&2; exit 1; }; \
		ln -sf "$$archive" .build/archives/

.PHONY: archives build run test lint format static bench bench-library embedded nightly record link-order vm-test diff hardening faults hostile \
	fuzz coverage sanitize install uninstall deb deb-test docs fleet-test headers tools
