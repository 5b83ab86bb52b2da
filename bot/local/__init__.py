"""The local workspace: a small chat in the browser, on this machine only, with a clock that can be moved."""
