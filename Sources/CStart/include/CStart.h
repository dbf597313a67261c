/// Nothing to call: this target stands in for what Swift's runtime starts with.
