"""Pre-claim collection and post-claim recovery, one contact engine. Not yet built."""
