"""What leaves the graph: RDF, tables, networks and the picture, each one reading of the same rows."""
