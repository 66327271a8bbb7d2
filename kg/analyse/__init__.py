"""Readings: what the attributions of a collection say together, and no verdict on what is so.

In: plain rows and values (`kg.analyse.material`). Out: frozen values that explain themselves.
Each reading is one pure function in a module of its name: `variants`, `origins`, `reuse`,
`lost`, `drift`, `conflicts`, `chains`, `profile`, `dossier`. None reads a file or judges truth.
"""
