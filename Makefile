# One word per job. `make run` and `make test` are all that a newcomer needs.

SWIFT ?= swift
BUILD = $(SWIFT) build -c release --static-swift-stdlib --product virtio-pci-inspect \
	-Xswiftc -use-ld=lld -Xlinker --gc-sections

run: headers
	$(BUILD)
	.build/release/virtio-pci-inspect $(ARGS)

test: headers
	$(SWIFT) test -Xswiftc -warnings-as-errors

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

# The header of libpci is needed to build its back end; the library itself only to use it.
headers:
	@echo '#include <pci/pci.h>' | $(CC) -E - >/dev/null 2>&1 || \
		{ apt-get update -qq && apt-get install -y -qq libpci-dev; }

.PHONY: run test lint format headers
