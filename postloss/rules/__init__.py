"""Pure rules of watching: file format, buckets, warnings."""
