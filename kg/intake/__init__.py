"""From an article as people have it to proposed attributions: the text world, with no RDF."""
