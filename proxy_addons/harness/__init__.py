"""Drives browsers through the proxy, records what happens and judges the record."""
