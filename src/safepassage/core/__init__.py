"""The words every room speaks: places, scenarios, reports, forecasts, draws and errors.

Plain frozen values on numpy arrays. No files, no clocks, no third-party library but numpy: whoever reads a
file or asks the operating system lives on a higher floor.
"""
