"""Byte formats, read and written incrementally and exactly: nothing is lost, nothing is normalised."""
