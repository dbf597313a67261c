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

test: headers tools
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

# What is made from the program's tables and committed. Read the difference.
record:
	RECORD=1 $(SWIFT) test -Xswiftc -warnings-as-errors --filter /golden || git diff --stat

# In guests under QEMU; as root, for what it installs. VM_FULL=1 takes 208 functions in place of 64.
vm-test: build static
	VM_FULL=$(VM_FULL) Tests/VM/run .build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

install: build
	install -D -s -m 755 .build/release/$(PROGRAM) $(DESTDIR)$(PREFIX)/bin/$(PROGRAM)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man8 man/*.8
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man5 man/*.5
	install -d $(DESTDIR)$(PREFIX)/share/$(PROGRAM)
	.build/release/$(PROGRAM) --schema > $(DESTDIR)$(PREFIX)/share/$(PROGRAM)/$(PROGRAM).schema.json
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/$(PROGRAM)/LICENSE

# The back end for libpci is compiled against its header; the library itself is loaded on demand.
headers:
	@echo '#include <pci/pci.h>' | $(CC) -E - >/dev/null 2>&1 || \
		{ apt-get update -qq && apt-get install -y -qq libpci-dev; }

# What the output and the documents are checked with.
TOOLS = groff jq mandoc python3-jsonschema strace
tools:
	@dpkg -s $(TOOLS) >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq $(TOOLS); } || :

# A folder in which the linker finds the archive alone.
archives:
	@mkdir -p .build/archives
	@ln -sf "$$($(CC) -print-file-name=libstdc++.a)" .build/archives/

.PHONY: archives build run test lint format static bench vm-test record install headers tools
