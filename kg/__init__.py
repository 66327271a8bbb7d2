"""Claim provenance: who said what, in which words, in which outlet, relayed by whom."""

__version__ = "0.1.0"
__all__ = ["__version__"]
