"""The ground floor: money, clock, errors, jobs, files, encryption, parameters, the embedded stack.

Core knows no business and asks no permission.
"""
