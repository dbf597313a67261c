/// Nothing to call: this target acts before Swift does.
