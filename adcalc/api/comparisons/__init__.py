"""The four modes side by side: errors, operations, time."""
