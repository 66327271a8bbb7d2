"""The explorer: pages, review desk and SPARQL endpoint of one project, on one's own machine.

In: HTTP requests. Out: pages rendered here that work without script, and their data beside them.
`app` puts the routes together, `guard` decides who may ask, `library` holds what is shown;
each page is a function in a module named after it. Nothing is fetched from anywhere.
"""
