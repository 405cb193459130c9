"""The county's own form: read as a package, understood, kept as a template, and filled without losing any of it.

A form is changed where values go and nowhere else: its parts are XML, and whatever a template does not speak of
(pictures, shapes, stamps, header images, choices of newer office programs) is carried over byte by byte.
"""
