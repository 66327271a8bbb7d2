"""The RDF world: vocabulary, building, the store, queries and validation.

In: values of `kg.model`. Out: triples in a store, and answers as plain values.
Knows no article text beyond what records hold, and no `kg.intake`.
"""
