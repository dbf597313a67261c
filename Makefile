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

test: headers shells
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

# In guests under QEMU; as root, for what it installs. VM_FULL=1 takes 208 functions in place of 64.
vm-test: build static
	VM_FULL=$(VM_FULL) Tests/VM/run .build/release/$(PROGRAM) .build-static/release/$(PROGRAM)

install: build
	install -D -s -m 755 .build/release/$(PROGRAM) $(DESTDIR)$(PREFIX)/bin/$(PROGRAM)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/zsh/site-functions completions/_$(PROGRAM)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d completions/$(PROGRAM).fish
	install -D -m 644 completions/$(PROGRAM).bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/$(PROGRAM)
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/$(PROGRAM)/LICENSE

# The back end for libpci is compiled against its header; the library itself is loaded on demand.
headers:
	@echo '#include <pci/pci.h>' | $(CC) -E - >/dev/null 2>&1 || \
		{ apt-get update -qq && apt-get install -y -qq libpci-dev; }

# The completions are tested in the shells; without them those tests are skipped, and say so.
shells:
	@missing=; for tool in zsh fish tmux; do \
		command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	[ -z "$$missing" ] || { apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null || true

# A folder in which the linker finds the archive alone.
archives:
	@mkdir -p .build/archives
	@ln -sf "$$($(CC) -print-file-name=libstdc++.a)" .build/archives/

.PHONY: shells archives build run test lint format static bench vm-test install headers
