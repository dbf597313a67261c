# One word per job. `make run` and `make test` are all that a newcomer needs.

SWIFT ?= swift
PREFIX ?= /usr/local
PROGRAM = virtio-pci-inspect

# One thread, so reference counts need not be atomic. lld, since programs that gold links take a
# millisecond more to start; and the C++ library that Swift's runtime needs goes into the program, since
# the loader's search for its symbols takes most of another. What a run touches lies together.
RELEASE = -c release --product $(PROGRAM) --static-swift-stdlib \
	-Xswiftc -assume-single-threaded -Xswiftc -use-ld=lld -Xlinker --gc-sections \
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

test: headers
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

# Sources/link-order.txt anew, when the program has changed much.
link-order: static
	$(call need,valgrind,valgrind)
	python3 -B Tests/Benchmarks/order.py .build-static/release/$(PROGRAM) > .build/link-order
	mv .build/link-order Sources/link-order.txt
	rm -f .build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

# In guests under QEMU; as root, for what it installs. VM_FULL=1 takes 208 functions in place of 64.
vm-test: build static
	VM_FULL=$(VM_FULL) Tests/VM/run .build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

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
	python3 -B Tests/Faults/faults.py --share $(or $(SHARE),40) \
		.build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

install: build
	install -D -s -m 755 .build/release/$(PROGRAM) $(DESTDIR)$(PREFIX)/bin/$(PROGRAM)
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/$(PROGRAM)/LICENSE

# A program and the package that has it.
need = @command -v $(1) >/dev/null || { apt-get update -qq && apt-get install -y -qq $(2) >/dev/null; }

# The back end for libpci is compiled against its header; the library itself is loaded on demand.
headers:
	@echo '#include <pci/pci.h>' | $(CC) -E - >/dev/null 2>&1 || \
		{ apt-get update -qq && apt-get install -y -qq libpci-dev; }

# A folder in which the linker finds the archive alone.
archives:
	@mkdir -p .build/archives
	@ln -sf "$$($(CC) -print-file-name=libstdc++.a)" .build/archives/

.PHONY: archives build run test lint format static bench diff faults hardening link-order vm-test install headers
