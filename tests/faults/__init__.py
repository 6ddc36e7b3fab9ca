"""Whole runs through each failure mode, by the real command line, on time that is staged.

No machine second is waited for: lab and run share a clock that leaps on while everybody waits.
"""
