"""Speed, measured: every ratio that the project promises, in one run, with `python -m benchmarks`."""
