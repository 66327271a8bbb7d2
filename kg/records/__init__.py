"""The waist: records as files, read strictly and written so that a person's comments survive."""

from kg.records.load import Loaded, Location, ReadRecord, load_collection, read_records

__all__ = ["Loaded", "Location", "ReadRecord", "load_collection", "read_records"]
