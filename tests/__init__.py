"""Tests, on real PostgreSQL and Valkey."""
